"""What is found of all claims, also at several choices of the sizes that letters leave open."""

from __future__ import annotations

from backpropcli.proof.equality.coordinates import coordinate
from backpropcli.proof.findings.answer import STATUSES, Answer, Diagnosis, overall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.proof.claims.setting import Setting
    from backpropcli.proof.findings.numbers import Compared


class Checked:
    """What is found of all claims: ``answers``, in their order.

    ``rules`` are sentences on functions whose own rules are not the derivatives of their bodies.
    ``numbers`` are the answers on what another program computed. ``warnings`` are told before.
    ``sizes`` are those that letters of shapes stand for, where they are open: all is said of them.
    """

    def __init__(self, setting: Setting) -> None:
        claimed = setting.claimed
        self.answers = [Answer(one.target.title, one.text) for one in claimed.claims]
        self.rules: list[str] = []
        self.numbers: list[Compared] = []
        self.warnings: list[str] = []
        self.setting = setting
        self.sizes = [setting.free] if setting.free else []
        self.expression = claimed.parts[0][1]
        self.assumptions = [claimed.program.text(node) for node in claimed.conditions]
        for name, (low, high) in setting.ranges.items():
            self.assumptions.append(f"{coordinate(low)} <= {name} <= {coordinate(high)}")

    def __repr__(self) -> str:
        return f"<Checked: {self.verdict}, of {len(self.answers)}>"

    def opened(self, other: Checked) -> bool:
        """Say whether other sizes leave a claim open that agrees at these."""
        pairs = zip(self.answers, other.answers, strict=True)
        return any((one.verdict, two.verdict) == ("agrees", "inconclusive") for one, two in pairs)

    def also(self, other: Checked) -> None:
        """Take in what is found at other sizes: of each claim, the worse of two answers stands.

        Where both are wrong by a factor, that is told in the letters of sizes, if it goes by them.
        """
        self.sizes += other.sizes
        self.rules = [*dict.fromkeys([*self.rules, *other.rules])]
        for at, (one, another) in enumerate(zip(self.answers, other.answers, strict=True)):
            if one.claim != another.claim:  # it did not fit: there is a 0 in its place
                continue
            factors = _factor(one), _factor(another)
            for answer in (one, another) if all(factors) and self.sizes else ():
                answer.diagnosis = [
                    self._in_letters(told, factors, at) if told.kind == "factor" else told
                    for told in answer.diagnosis
                ]
            if STATUSES.index(another.status) > STATUSES.index(one.status):
                self.answers[at] = another

    def _in_letters(self, told: Diagnosis, factors: Sequence[str], at: int) -> Diagnosis:
        """Return the diagnosis of a factor of a claim that was found at two choices of sizes."""
        from backpropcli.proof.letters import letters

        sizes = self.sizes[0], self.sizes[1]
        factor = factors[0]
        if factors[0] != factors[1]:
            from backpropcli.proof.claims.diagnosis.sizes import Ratio

            factor = letters(factors, sizes, Ratio(self.setting, at).holds)
        if not factor:
            each = [f"{one} at {_written(size)}" for one, size in zip(factors, sizes, strict=True)]
            text = f"the claim is the derivative times {' and '.join(each)}"
            return Diagnosis("factor", text, **{**told.facts, "factor": " or ".join(factors)})
        text, _, size = told.text.partition(": ")  # which array has such a size tells nothing here
        text = text.replace(f" {told.facts['factor']} ", f" {factor} ", 1)
        if size and factor in sizes[0]:
            text += f": the 1/{factor} of a mean is missing"
        elif size and factor.removeprefix("1/") in sizes[0]:
            text += f": a {factor} is too many"
        return Diagnosis("factor", text, **{**told.facts, "factor": factor})

    @property
    def verdict(self) -> str:
        """One verdict on all: the worst; a rule that means another derivative leaves it open."""
        found = [one.verdict for one in (*self.answers, *self.numbers)]
        return overall(found, doubted=bool(self.rules))


def _factor(answer: Answer) -> str:
    """Return by which factor a claim is wrong, 1 for one that is right; "" if it is no factor."""
    found = [one for one in answer.diagnosis if one.kind == "factor"]
    return str(found[0].facts["factor"]) if found else "1" * (answer.verdict == "agrees")


def _written(sizes: Mapping[str, int]) -> str:
    return " ".join(f"{name}={size}" for name, size in sizes.items())
