"""Draws programs, bindings files and whole command lines at random, awkward ones among them."""

from __future__ import annotations

from pathlib import Path

from backpropcli.cli.options import MODES, VIEWS
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
            "dtype": self.one("float64", "float32"),
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


def write_files(folder):
    """Write the files that the command lines name into ``folder``."""
    for name, content in FILES.items():
        (Path(folder) / name).write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
