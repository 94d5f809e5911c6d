"""A table of LaTeX's commands: what each is in the language, or why it is nothing."""

from __future__ import annotations

ENVIRONMENTS = {"matrix", "bmatrix", "pmatrix", "Bmatrix", "smallmatrix"}
ALSO = {"tr": "trace", "Tr": "trace"}
"""Functions of matrices, and what they are called here."""
GREEK = {
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
    *("lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
    *("omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi"),
    *("Omega", "ell", "hbar"),
}
NAMED = {
    **{name: name for name in GREEK},
    **{name: name for name in ("varepsilon", "vartheta", "varphi", "varrho")},
    "infty": "inf",
}
"""Commands that are names, and the name."""
FUNCTIONS = {
    **{name: name for name in ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh")},
    **{name: name for name in ("coth", "exp", "ln", "log", "max", "min", "det")},
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "lg": "log10",
    "lb": "log2",
}
INFIX = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=", "lt": "<", "gt": ">",
    "odot": "⊙", "land": "and", "wedge": "and", "lor": "or", "vee": "or",
}  # fmt: skip
OPEN = {"lvert": "|", "lfloor": "⌊", "lceil": "⌈", "{": "\\{", "lbrace": "\\{", "lbrack": "["}
CLOSE = {"rvert": "|", "rfloor": "⌋", "rceil": "⌉", "}": "\\}", "rbrace": "\\}", "rbrack": "]"}
BLANK = {
    *(",", ";", ":", "!", " ", "quad", "qquad", "left", "right", "displaystyle", "textstyle"),
    *("limits", "nolimits", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl"),
    *("biggr", "mathstrut", "(", ")", "[", "]"),
}
"""Commands that say how something looks."""
FONTS = {
    *("mathbf", "boldsymbol", "bm", "mathcal", "mathit", "mathsf", "vec", "mathscr"),
    *("mathrm", "text", "textrm", "textit", "operatorname", "operatorname*", "mathop", "mbox"),
}
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
           "widetilde": "tilde", "dot": "dot", "ddot": "ddot"}  # fmt: skip
REFUSED = {
    **dict.fromkeys(("int", "iint", "oint"), "there are no integrals"),
    **dict.fromkeys(("lim", "limsup", "liminf", "sup", "inf"), "there are no limits"),
    **dict.fromkeys(("partial", "nabla", "prime"), "leave the derivative out: it is what you get"),
    **dict.fromkeys(("pm", "mp"), "write + or -"),
    "otimes": "write \\operatorname{kron}(A, B)",
    "%": "for a percentage write {}/100",
    "circ": "for a product of elements write \\odot",
    **dict.fromkeys(("dots", "ldots", "cdots"), "write all terms"),
    **dict.fromkeys(("to", "mapsto", "rightarrow"), "write the expression alone"),
    "mathbb": "write the expression alone: there are no sets, and no expectations",
    "bmod": "write \\operatorname{mod}(a, b)",
    "mod": "write \\operatorname{mod}(a, b)",
}
"""Commands without a meaning here, and what to do."""
SUMS = ("sum", "prod")
STATISTICS = {"Var", "Cov", "Corr", "Std", "Pr"}
"""Operators that are written without braces, and have no meaning here."""
WORDS = {"if": "if", "for": "if", "when": "if", "where": "if", "otherwise": "else", "else": "else"}
"""What stands as text in a definition by cases."""
COMMANDS = {
    **{word: ("name", name) for word, name in NAMED.items()},
    **{word: ("function", name) for word, name in FUNCTIONS.items()},
    **{word: ("infix", sign) for word, sign in INFIX.items()},
    **{word: ("open", sign) for word, sign in OPEN.items()},
    **{word: ("close", sign) for word, sign in CLOSE.items()},
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), ("frac", "\\frac")),
    **dict.fromkeys(("top", "intercal"), ("transpose", "\\top")),
    **dict.fromkeys(("Vert", "|"), ("bar", "‖")),
    "lVert": ("open", "‖"),
    "rVert": ("close", "‖"),
    "sqrt": ("sqrt", "\\sqrt"),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), ("binom", "\\binom")),
    "langle": ("open", "⟨"),
    "rangle": ("close", "⟩"),
    **{word: ("sum", word) for word in SUMS},
    "\\": ("row", "\\\\"),
}
"""Commands that are one token: its kind, and what it is in the language."""
