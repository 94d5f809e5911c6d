"""The fields of all JSON documents: a table that ``schema`` reads.

A line has one field or several, and what they are: a type, "words" of which one stands there, [a
list], [two, two] of them, {an object} with such a value by each of its names, one type or another;
and behind -- what it is for. A field with "?" may be left out, a type with "?" may be null. What is
indented further goes on. Lines below a name are a record, and * stands for the fields of another
one; at the left they name a type. What has no line here is one of ``schema.TYPES``.
"""

TABLE = """
not_finite: "NaN", "Infinity", "-Infinity"
real: number or not_finite
proved: decimal_or_null -- above 17 --digits: a decimal, of which each digit is proved;
        null where none is
tiny: decimal -- a decimal, of what no double has the digits of: it is too small
known: real or tiny or null
long: number or not_finite or proved
result: number or not_finite or proved or elements
value: number or not_finite or elements
verdict: "agrees", "disagrees", "inconclusive"
reason: "constant", "stopped", "flat", "not taken", "unused"
function: text -- the name of a function of the program

digits -- above 17 digits numbers are texts; nodes and eigenvalues stay doubles
    count?: integer
    exact?: yes
    notes: [text]
    floats?: {real}

edge
    input: node
    partial, contribution: value?
    flow?: reason
    rule?: text -- what an operation on whole arrays passes on, of its adjoint g

shown
    id: node
    operation: operation or function
    label: text
    names?: [text]
    span: [node, node]? -- null for an element of an array: no text stands for it
    inputs: [node]
    shape?: [node]
    dtype?: dtype
    value: value
    adjoint: value?
    status?: reason
    bits?: [real?] -- how many bits are right of the value and of the adjoint
    edges: [edge]

lost
    node: node
    of: "value", "gradient"
    what: loss
    bits: real

precision
    dtype: dtype
    bits: integer
    largest?, smallest?: real
    losses: [lost]

scaling
    scale: real
    works: [real]?
    lost, lost_at_1: node

kink
    node, input: node?
    label, by: text
    at: real
    when: text
    jump: boolean
    left, right, chosen: real
    why: text -- why this slope is chosen
    subgradients: [real, real]? -- the least and the largest; null at a jump, and where a side
        has none
    peers: text -- who of PyTorch and JAX takes the same slope there
    answers: answers -- the slope that each peer has there; null for none
    order?: text -- what goes by the order of elements that are compared here, as sort(x): it need
        not jump where the comparison does
    rule?: text -- the function whose rule gives the slope in place of this part of it
    together?: boolean -- another input moves too: it jumps by one that moves alone, or has another
        slope where they move together
    pole?: real -- the value, where it is not finite: no kink of an operation
    taken?: no -- its slope is not used
    inside_derivative?: yes -- it is met inside a derivative
    exact?: text -- what the input is in exact arithmetic, where that has no kink: floats alone are
        at it
    index?: [node]
    count?: node

nearest -- the nearest kink that is found along a line; null where none is within that, and
        within 0 where none is looked for
    along: text -- a name, -gradient or +gradient
    label, by, when: text?
    step, at: real?
    within: real

side
    kind: "value", "infinite", "outside", "unknown"
    limit, slope: known

whole
    kind: "derivative", "vertical", "kink", "gap", "jump", "pole", "edge", "nowhere", "unknown"
    value, slope: known
    left, right: side
    reason: text

poisoned
    values, adjoints: node

cause
    pass: "forward", "backward"
    node, input: node?
    reason: text
    index?: [node]
    poisoned?: poisoned -- how many other nodes are not finite because of it

right: number? -- decimal digits that are right; 17 for all

digits_right
    value: right
    gradient: {right}

mend
    pattern, before, after: text
    condition: text -- where both are equal, or ""

rewrite
    program: text -- the mended program; the same if none helps
    mends: [mend]
    digits_before, digits_after: digits_right
    extends: boolean -- it has a value where the program has none
    why: text -- why nothing was looked for, if so

call
    node: node
    function: text
    inputs: [node]

rule
    function, by: text
    verdict: "proved", "holds", "differs", "unknown"
    reason: text
    at: {text}
    rule, body: text

check
    verdict: verdict
    kink_typed: text? -- what has a kink at the numbers as typed that their doubles miss
    rules: [rule]
    beside?: {accurate} -- numbers shown beside the derivatives, of which the accuracy alone is
        told: the value, and the gradient above a Hessian

accurate
    backprop: text -- the number in many digits; "" where it is not known
    digits: real? -- how many digits of the number shown are right
    typed: text? -- the number at what was typed, where that is another point than its doubles

costly
    text: text
    shape: [node]
    value, back: node

cost
    function, reverse: node
    forward: node?
    tree?: real
    sweeps?: node
    nodes?: [costly] -- of arrays: the operations of each node's value and of its rule

path
    share, log2: real
    contribution: real?
    nodes: [node]

reached
    name: text
    node: node?
    paths: real -- how many; exact below 2^53
    largest: [path]

chain
    kind: "vanishing", "exploding"
    names: [text]
    count: node
    over_all: boolean
    nodes: [node]
    log2: [real]

cancelled
    node: node
    terms: [real]?
    left: real?

units
    kind: "dead", "saturated"
    operation: text
    nodes: [node]
    part, total: node
    columns?, width?: node

cut
    kind: "stopped", "flat", "not taken", "zero"
    node, input: node
    names: [text]?
    part?, total?: node
    proof?: "proved", "rounded", "chosen", "open"
    slope?: text

flow -- with --view flow: how the gradient reaches each name
    log2: [real?] -- for each node that of its adjoint's norm; null: nothing arrives
    variables: [reached]
    chains: [chain]
    cancelled: [cancelled]
    units: [units]
    cuts: [cut]
    data: [text] -- variables that --wrt leaves out

pattern: [[node]] -- for each row the columns that can differ from 0

sides
    left, right: known

told: real or tiny or null or sides
row_of_whole: [told]? -- those of the whole expression, at a kink or a gap; those on the left and
        on the right where they differ, and null for what is not known
matrix_of_whole: [[told]]? -- those of the whole expression, at a kink or a gap; those on the left
        and on the right where they differ, and null for what is not known
series_of_whole: [series]? -- those of the whole expression, at a kink or a gap; those on the left
        and on the right where they differ, and null for what is not known

ends
    left, right: text

series
    taylor: [told]
    ends: ends -- what follows the last coefficient of a side that ends early
    continued: boolean -- the value at the point is none, or is not the limit

sweeps
    forward, reverse: node

shapes -- of arrays, whose elements are listed
    outputs, variables: {[node]}

blocks: {{result}} -- by output and variable: the axes of the output first, then the variable's
point: object -- by name: a coordinate as it is typed, or lists of them

seen
    kind: "point", "counterexample", "random", "kink", "edge"
    point: point
    element: text?
    claimed, true: text

method
    kind: "agrees", "differs", "unknown", "none"
    digits: agreeing? -- in which it agrees with reverse mode in many digits
    value: text?
    reason: text

derivative
    name: text
    element: text?
    elements: positive
    along_a_direction: boolean
    verdict: verdict
    reason: text
    reverse: real
    right_digits: number?
    exact: text?
    methods: {method}
    taylor_order: real? -- infinite where nothing remains

here
    of: text
    status: "same", "differs", "kink", "edge", "open"
    norms?: [long]
    norm_of_difference?: real
    element?: text
    first?, second?: real

difference
    kind: "counterexample", "point", "random", "kink", "edge"
    of: text
    point: point
    first, second: text

claim
    derivative, claim: text
    verdict: verdict
    status: "proved", "holds", "wrong", "open"
    reason: text
    points: node
    at, counterexample: seen?
    exceptions: [seen?]
    diagnosis: [diagnosis]
    true: text?
    where, notes: [text]

there
    file, name, by: text
    verdict: verdict
    status: "holds", "wrong", "open"
    reason: text
    dtype: "float16", "float32", "float64"
    elements: node
    element: text?
    claimed, true: real
    rounding: real -- the difference that rounding explains
    times_rounding: real
    diagnosis: [diagnosed]
    notes: [text]

before
    expression: text
    bindings: {value}

behind
    precision?: precision
    loss_scale?: scaling
    digits?: digits
    kinks: [kink]
    causes: [cause]
    whole: {whole} -- what the whole expression has by each name, at a kink or a gap; of several
        outputs by "OUTPUT: NAME"
    warnings: [text]

head
    outputs: [text]
    values: [long]
    variables: [text]
    shapes?: shapes
    dtype?: dtype

report
    output: text
    value: result
    wrt: [text]
    gradient: {result}
    shapes?: {[node]}
    dtype?: dtype
    cost?: cost
    rewrite?: rewrite
    flow?: flow
    nearest_kinks?: [nearest]

jacobian
    *head
    jacobian: [[long]]
    blocks?: blocks
    mode: "forward", "reverse"
    sweeps: sweeps
    pattern: pattern

jvp
    *head
    along: {value}
    jvp: [long]

vjp
    *head
    with: {value}
    vjp: [long]

hvp
    *head
    along: {value}
    hvp: [long] or [[long]]
    whole_hvp: row_of_whole or [row_of_whole]

hessian
    *head
    gradient: [long] or [[long]]
    hessian: [[long]] or [[[long]]]
    whole_hessian: matrix_of_whole or [matrix_of_whole]
    sweeps: node or [node]
    pattern: pattern or [pattern]
    eigenvalues: [long] or [[long]]
    eigenvectors?: [[long]] or [[[long]]]
    definiteness, point: text or [text]

taylor
    *head
    in: text
    order: node
    taylor: [[long]]
    whole_taylor: series_of_whole

methods
    *before
    verdict: verdict
    value: value
    reason: text
    derivatives: [derivative]
    notes, warnings: [text]

against
    *before
    verdict: verdict
    rtol: number?
    gradients: [there]
    rules, warnings: [text]

claims
    expression: text
    verdict: verdict
    claims: [claim]
    rules, assumptions: [text]
    sizes: [{integer}]
    gradients?: [there]
    warnings: [text]

formula
    expression: text
    outputs, variables: [text]
    formula: [[text]]
    program: text
    conditions: [[[text]]]
    simplified: boolean
    warnings: [text]
    latex?: text
    chain?: [text]
    cost?: cost
    shapes?: object

compare
    expressions, outputs: [text]
    bindings: {value}
    wrt: [text]
    only: [[text]] -- the variables that one of the two alone has
    values: [value]
    gradients: [{value}]
    at_point: [here]
    verdict: verdict
    kind: "identical", "constant", "gradients", "opposite", "proportional", "different", "unknown"
    reason: text
    value: "same", "constant", "scaled", "differs", "open"
    gradient: {"same", "differs", "open"}
    term: text? -- the constant between the values, or the gradients' factor
    term_is_number: boolean
    sign: sign -- the factor's; 0 if it has both
    proved: boolean
    points: node
    in_floats: boolean
    counterexamples, exceptions: [difference]
    assumptions: [text]
    sizes: [{integer}]
    follows, warnings: [text]
"""
