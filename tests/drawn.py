"""Draws programs, bindings files and whole command lines at random, awkward ones among them."""

from __future__ import annotations

from pathlib import Path

from backpropcli.cli.line.options import MODES, VIEWS
from backpropcli.graph.operations import NAMES, TABLE

AWKWARD = (
    *("out", "out_", "L", "L_", "e", "pi", "tau", "inf", "nan", "f1", "f2", "t1", "t2", "z1", "z2"),
    *("v1", "v2", "S", "_", "__", "é", "α", "x₁", "x_1", "dL_dx", "d_dx", "def_", "rule1", "use2"),
    *("E", "I", "N", "O", "Q", "beta", "gamma", "zeta", "lambda", "args", "x"),
)
"""Names that something in the tool could want for itself."""
PLAIN = ("x", "y", "w", "b")
FUNCTIONS = tuple(name for name, row in NAMES.items() if row.infix is None)
INFIXES = tuple(sorted({row.infix for row in TABLE.values() if row.infix} - {"not"}))
NUMBERS = (
    *("0", "1", "2", "-1", "0.5", "3", "1e-3", "1e308", "1e-310", "0.1", "1/3", "2*pi", "-0.0"),
    *("inf", "nan", "-inf", "1e999", "1e-999", "9" * 400, "2^3^2", "√2", "π/2", "", "x", "0x1"),
)
ODD = (
    *("\x1b[31m", "\x9b", "\x00", "\r", "\t", "\u202e", "\ud800", "\udcff", "\xa0", "é", "π", "√"),
    *("²", "·", "−", "≤", "#", "'", '"', "\\", ";", "\n", "(", ")", ",", "=", "@", "[", "%", "$"),
    *("def ", "rule ", "use ", "outputs:", "diff(", "where(", "bind:", "\U0001d4cd", "e\u0301"),
)
WRAPPED = (
    *("sum({})", "mean({})", "mean({}^2)", "tanh({})", "{}*{one}", "{one} + {}", "relu({})", "-{}"),
    *("where({} > 0, {}, 0)", "max({})", "norm({})", "{}/{one}", "softmax({})", "{}[0]", "{}.T"),
    *("[{}, 1]", "sg({})*{one}", "diff({}, {one})", "logsumexp({})", "sqrt({})", "abs({})@{one}"),
)
LATEX = (
    *(r"\frac{1}{1+e^{-x}}", r"\sum_{i=1}^{3} x_i^2", r"\sum_{i=1}^{n} (y_i - w x_i)^2", "x^2"),
    *(r"\prod_{i=1}^{2} x_i y_i", r"\sum_i x_i y_i", r"\left| x \right|", r"\lVert x \rVert_2^2"),
    *(r"x^\top A x", r"\mathbf{x}^\top \mathbf{y}", r"\sqrt[3]{x}", r"\log_2 x", r"\binom{n}{2}"),
    *(r"\begin{cases} x & x > 0 \\ 0 & y \end{cases}", r"\langle x, y \rangle", r"\max(0, x)"),
    *(r"\sum_{i=1}^{2}\sum_{j=1}^{2} x_i y_j", r"\begin{bmatrix}1 & 2\\3 & 4\end{bmatrix} x", "+"),
    *(r"\sum_{t=1}^{2} (x_t - x_{t-1})", r"\operatorname{softmax}(x)", r"\hat{y} - y", "L = x y"),
)
FILES = {
    "good.json": '{"x": 3, "y": "2*pi/3", "w": -0.5, "b": "NaN", "e": 2}',
    "good.toml": "x = 3\ny = 2.5\n'é' = 1\n",
    "broken.json": '{"x": 3, "y": }',
    "broken.toml": "x = [1, \n",
    "twice.json": '{"x": 1, "x": 2}',
    "long.json": f'{{"x": {"1" * 5000}}}',
    "deep.toml": f"x = {'[' * 5000}{']' * 5000}",
    "deep.json": "[" * 100_000,
    "list.json": "[1, 2]",
    "types.json": '{"x": true, "y": null, "w": [1], "\\u001b[31m": 2}',
    "empty.json": "",
    "bytes.json": b"\xff\xfe\x00",
    "lib.bp": "def sq(t) = t^2\nrule sq(t) = 2*t\ndef lin(s, t) = s*t + sq(t)\n",
    "again.bp": "use 'lib.bp'\nuse 'lib.bp'\ndef é(t) = sq(t) + 1\n",
    "itself.bp": "use 'itself.bp'\ndef f(x) = x\n",
    "program.bp": "# bind: x=2 y=1 \x1b[31m\nuse 'again.bp'\nz = sq(x)*y\nz + é(x)\n",
    "odd \x1b[31m name": "x^2 # \x1b[31m comment",
}


class Drawn:
    """Draws programs and command lines; what it draws depends on ``random`` alone."""

    def __init__(self, random) -> None:
        self.random = random
        self.functions: dict[str, int] = {}
        self.variables: list[str] = list(PLAIN)

    def often(self, chance):
        return self.random.random() < chance

    def one(self, *things):
        return self.random.choice(things)

    def name(self):
        return self.one(*PLAIN, *self.random.sample(AWKWARD, 4))

    def expression(self, names, size):
        """Return an expression of some ``size`` operations over ``names``."""
        parts = [self.leaf(names) for _ in range(size + 1)]
        while len(parts) > 1:
            kind = self.random.random()
            first = parts.pop(self.random.randrange(len(parts)))
            if kind < 0.55:
                second = parts.pop(self.random.randrange(len(parts)))
                made = f"({first} {self.one(*'+-*/^' * 3, *INFIXES)} {second})"
            elif kind < 0.7 and self.functions:
                called = self.one(*self.functions)
                count = self.functions[called] + self.one(*[0] * 40, 1, -1)
                made = f"{called}({', '.join([first, *self.leaves(names, count - 1)])})"
            elif kind < 0.95:
                row = NAMES[self.one(*FUNCTIONS)]
                count = len(row.parameters) + (self.random.randrange(3) if row.variadic else 0)
                count += self.one(*[0] * 80, 1)
                made = f"{row.name}({', '.join([first, *self.leaves(names, count - 1)])})"
                parts += [self.leaf(names)] if self.often(0.3) else []
            else:
                made = f"diff({first}, {self.one(*self.variables)}{self.one('', '', ', 2')})"
            parts.append(made)
        return parts[0]

    def leaf(self, names):
        return self.one(*names, *names, self.one("2", "3", "0.5", "1", "0", "pi", "e", "1e-3"))

    def leaves(self, names, count):
        return [self.leaf(names) for _ in range(count)]

    def program(self, size=6):
        """Return a program, well formed but for what functions and names it may lack."""
        self.functions = {}
        lines = []
        for name in self.random.sample((*AWKWARD, "f", "g"), self.one(0, 0, 0, 1, 2)):
            parameters = self.random.sample((*PLAIN, "t", "é"), self.one(1, 1, 2))
            self.variables = parameters
            lines.append(f"def {name}({', '.join(parameters)}) = {self.expression(parameters, 3)}")
            self.functions[name] = len(parameters)
            if self.often(0.3):
                del self.functions[name]  # a rule cannot call its own function
                rules = [self.expression([*parameters, "out"], 2) for _ in parameters]
                self.functions[name] = len(parameters)
                lines.append(f"rule {name}({', '.join(parameters)}) = {', '.join(rules)}")
        if self.often(0.05):
            lines.append(f"use '{self.one(*FILES)}'")
        names = list({self.name(): 0 for _ in range(self.one(1, 2, 3))})
        self.variables = list(names)
        for _ in range(self.one(0, 0, 1, 2, 4)):
            name = self.name()
            if name not in names:
                lines.append(f"{name} = {self.expression(names, self.random.randrange(size))}")
                names.append(name)
        parts = [
            self.expression(names, self.random.randrange(size))
            for _ in range(self.one(1, 1, 1, 1, 2, 3))
        ]
        last = ", ".join(parts)
        lines.append(parts[0] if len(parts) == 1 else self.one(f"({last})", f"outputs: {last}"))
        return self.one("; ", "\n", " # a comment \x1b[31m\n").join(lines)

    def spoiled(self, text):
        """Return ``text`` with a few characters gone, doubled, or replaced by odd ones."""
        for _ in range(self.one(1, 1, 2, 5)):
            at = self.random.randrange(len(text) + 1)
            put = self.one("", "", self.one(*ODD), text[at : at + 3])
            text = text[:at] + put + text[at + self.one(0, 1, 2) :]
        return text

    def option(self, option):
        """Return one option as words, with a value that fits it or not."""
        if option.type is bool:
            if option.short and self.often(0.3):
                return [option.short]
            return [f"--{self.one('', 'no-') if option.negation else ''}{option.name}"]
        some = self.random.sample(self.variables, self.one(1, len(self.variables)))
        names = ",".join([*some, *self.one(*[[]] * 9, [self.name()])])
        weights = ",".join(f"{name}={self.one(*NUMBERS[:8])}" for name in names.split(","))
        fitting = {
            "wrt": names,
            "open": self.one("all", *self.functions),
            "output": self.one(*self.variables),
            "from": "latex",
            "along": weights,
            "with": weights,
            "in": self.one(*self.variables),
            "view": self.one(*VIEWS),
            "mode": self.one("auto", "forward", "reverse"),
            "bind": self.one("good.json", "good.toml") if self.often(0.6) else self.one(*FILES),
            "digits": self.one("1", "6", "17"),
            "order": self.one("0", "1", "3"),
            "npz": self.one("out.npz", "."),
            "safetensors": self.one("out.safetensors", "."),
            "dtype": self.one("float64", "float32", "float16"),
            "at-kinks": self.one("left", "zero", "nan", "error"),
            "loss-scale": self.one("auto", "1024"),
            "claim": f"{self.one(*self.variables)} = {self.one(*self.variables, '2', 'x*y')}",
            "claims": self.one(*FILES),
            "against": self.one(*FILES),
            "rtol": self.one("0.001", "1"),
            "range": f"{self.one(*self.variables)}={self.one('0..2', '3..1', '2')}",
            "assume": f"{self.one(*self.variables)} {self.one('> 0', '== 1', '+ 1')}",
            "points": self.one("0", "3"),
            "rng-seed": self.one("0", "7"),
            "shape": f"{self.one(*self.variables)}={self.one('n', '2,3', 'n,2')}",
            "max-nodes": self.one("1", "3", "100"),
            "check-timeout": "0.3",
            "simplify-timeout": "0.3",
        }
        odd = self.one(*NUMBERS, *ODD, *names, "-1")
        value = odd if self.often(0.02) else fitting[option.name]
        if option.name.endswith("timeout") and value not in {"nan", "inf", "-1", "0", ""}:
            value = "0.3"
        if option.name == "order" and value.isdecimal():
            value = value[:1]
        return self.one([f"--{option.name}={value}"], [f"--{option.name}", value])

    def options(self, command):
        """Return some of a command's options, and those that it cannot do without."""
        apart = {"json", "jsonl", "quiet", "value", "simplify", "nodes", "latex-steps"}
        apart -= {
            self.one("json", "jsonl", "quiet", "value"),
            self.one("simplify", "nodes", "latex-steps"),
        }
        apart = apart if self.often(0.95) else set()
        apart |= {"output", "from", "shape"} if self.often(0.8) else set()
        needed = {"along", "in", "with"}
        free = [one for one in MODES[command] if one.name not in {*apart, *needed}]
        chosen = self.random.sample(free, self.one(0, 1, 1, 2, 3, 4))
        chosen += [one for one in MODES[command] if one.name in needed and self.often(0.95)]
        words = [word for option in chosen for word in self.option(option)]
        if command != "formula" and not any("--check-timeout" in word for word in words):
            words += [self.one("--no-check", "--no-check", "--check-timeout=0.3")]
        return words

    def command_line(self):
        """Return the arguments of a run."""
        command = self.one(*MODES, "grad", "")
        text = self.program()
        if self.often(0.2):
            text = self.spoiled(text)
        if self.often(0.04):
            text = f"@{self.one(*FILES, 'nowhere', '.')}"
        words = [command] * bool(command) + [text]
        for name in self.variables:
            if self.often(0.98):
                words.append(f"{name}={self.one(*NUMBERS[:12], *NUMBERS[:6])}")
        if self.often(0.04):
            words.append(self.spoiled(self.one("x=1", *words[1:])))
        words += self.options(command or "grad")
        return [word.replace("\0", "\1") for word in words]  # no shell passes it on

    def any_line(self):
        """Return the arguments of a run of numbers, of arrays, or of LaTeX."""
        return self.one(self.command_line, self.array_line, self.array_line, self.latex_line)()

    def array_line(self):
        """Return the arguments of a run with arrays, whose shapes fit more often than not."""
        from tests.arrays.programs import PROGRAMS

        text, given = self.one(*PROGRAMS)
        shapes = dict(given)
        self.variables = list(shapes)
        for _ in range(self.one(0, 0, 1, 2)):
            around = self.one(*WRAPPED).replace("{one}", self.one(*shapes))
            text = around.replace("{}", f"({text})")
        if self.often(0.2):
            lines = [f"A_ = {text}", self.one("(A_, 2*A_)", "[sum(A_), 1]", "sum(A_)^2", "A_[0]")]
            text = self.one("; ", "\n").join(lines)
        if self.often(0.15):
            text = self.spoiled(text)
        if self.often(0.15):
            shapes[self.one(*shapes)] = self.one("2", "3x2", "1x1", "2x1x3", 0.5, "4")
        return self._line(text, [f"{name}={self.array(shape)}" for name, shape in shapes.items()])

    def latex_line(self):
        """Return the arguments of a run of LaTeX."""
        text = " ".join(self.one(*LATEX) for _ in range(self.one(1, 1, 1, 2)))
        if self.often(0.5):
            text = self.spoiled(text)
        self.variables = ["x", "y"]
        given = [
            f"{name}={self.one('2', '0.5', '[1,2]', '0', '[[1,2],[3,4]]')}"
            for name in ("x", "y", "w", "A", "n", "x_1", "x_2", "x_3", "y_1", "y_2")
            if self.often(0.9)
        ]
        return self._line(text, given, "--from", "latex")

    def array(self, shape):
        """Return a value of a shape as it is typed: nested lists, a number, or a random array."""
        if not isinstance(shape, str):
            return str(shape)
        sizes = [int(size) for size in shape.split(" ")[0].split("x")]
        if self.often(0.1):
            return f"{self.one('normal', 'uniform')}({', '.join(map(str, sizes))})"
        count = 1
        for size in sizes:
            count *= size
        found = [self.one("1", "2", "-1", "0.5", "0", "3", "-0.25", "1e-3") for _ in range(count)]
        if self.often(0.1):
            found[0] = self.one("inf", "nan", "1e308", "x", "")
        for size in reversed(sizes):
            found = [f"[{','.join(found[at : at + size])}]" for at in range(0, len(found), size)]
        return found[0]

    def _line(self, text, given, *more):
        command = self.one(*MODES, "grad", "")
        words = [*[command] * bool(command), text, *given, *more]
        if self.often(0.04):
            words.append(self.spoiled(self.one("x=1", *words[1:])))
        words += self.options(command or "grad")
        return [word.replace("\0", "\1") for word in words]


def write_files(folder):
    """Write the files that the command lines name into ``folder``."""
    for name, content in FILES.items():
        (Path(folder) / name).write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
