"""Claims whose shapes do not fit: they are wrong, and may be right with a transpose or a swap.

The number 0, which fits everywhere, stands for such a claim while the others are judged.
"""

from __future__ import annotations

from contextlib import suppress

from backpropcli.calculus.chosen import LARGE, as_chosen
from backpropcli.errors import SourceError
from backpropcli.language.claims.records import Text, moved
from backpropcli.proof.claims.check import check_claims
from backpropcli.proof.claims.posed import UnfitError, lowered_for
from backpropcli.proof.findings.answer import OPEN, WRONG, Answer, Diagnosis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.language.claims.records import Claimed
    from backpropcli.proof.claims.checked import Checked
    from backpropcli.proof.claims.setting import Setting

    Put = Callable[[Sequence[Text]], tuple[Claimed, Setting]]

SHARE = 0.3
"""How much of the time it may take to find out whether another form of a claim is right."""


class Judged:
    """What is found of the claims in ``texts``, as ``put`` reads them, by ``timeout`` seconds.

    Raises SourceError where the program itself does not fit.
    """

    def __init__(self, put: Put, texts: Sequence[Text], timeout: float) -> None:
        self.put = put
        self.texts = texts
        self.claimed, self.setting = put(texts)
        unfit: list[tuple[UnfitError, Claimed, Setting]] = []
        while True:
            try:
                self.found: Checked = check_claims(self.claimed, self.setting, timeout)
                break
            except UnfitError as error:
                unfit.append((error, self.claimed, self.setting))
                self.texts = self._with(error.at, "0")
                try:
                    self.claimed, self.setting = put(self.texts)
                except SourceError:  # nothing but this claim uses some helper
                    raise moved(error.cause, self.claimed.parts) from None
        if any(one.status == WRONG for one in self.found.answers):
            self._exact(timeout)
        for misfit, claimed, setting in unfit:
            answer = self._answered(misfit, claimed, timeout * SHARE)
            if setting.free and not answer.diagnosis and _fits_larger(setting, misfit.at):
                answer.status = OPEN
                answer.reason += f"; {as_chosen(setting.free)}"
            self.found.answers[misfit.at] = answer

    def leave_open(self) -> None:
        """Leave claims open on a side of a choice that other sizes would take than were tried."""
        from backpropcli.proof.floats.sizes import Lettered

        lowered, setting = lowered_for(self.claimed, self.setting), self.setting
        graph, places = lowered.graph, lowered.places
        conditions = [(graph, places[node]) for node in self.claimed.conditions]
        sizes = Lettered(setting.lettered, setting.values, self.found.sizes, conditions)
        for claim, answer in zip(self.claimed.claims, self.found.answers, strict=True):
            roots = [places[node] for node in (claim.target.of, claim.node)]
            missed = sizes.missed(lowered, roots) if answer.verdict == "agrees" else ""
            if missed:
                answer.status, answer.reason = OPEN, missed
                answer.diagnosis, answer.notes = [], []

    def _exact(self, timeout: float) -> None:
        """Judge claims anew with exact numbers in place of rounded ones, where there are some."""
        from backpropcli.proof.claims.coefficients import allowed, mended

        texts, told = mended(self.texts)
        if told:
            with suppress(SourceError, UnfitError):  # a name of the program's is a constant's
                allowed(self.found, check_claims(*self.put(texts), timeout), told)

    def _answered(self, error: UnfitError, claimed: Claimed, timeout: float) -> Answer:
        """Return that a claim, as ``claimed``, does not fit, and what would fit and be right."""
        claim, whole = claimed.claims[error.at], claimed.program.source
        answer = Answer(claim.target.title, claim.text)
        answer.status = WRONG
        answer.reason = f"{error.cause.message} ({error.cause.told})"
        for form in error.cause.mends:
            mended = whole[claim.start : error.start] + form + whole[error.end : claim.end]
            if self._is_right(error.at, mended, timeout):
                turned = ".T" in form
                missing = "a transpose is missing" if turned else "operands are swapped"
                kind = "transposed" if turned else "swapped"
                told = f"{missing}: it has to be {mended}"
                answer.diagnosis = [Diagnosis(kind, told, of=form)]
                break
        return answer

    def _is_right(self, at: int, text: str, timeout: float) -> bool:
        """Say whether a claim is right with another text."""
        texts = self._with(at, text)
        title = self.claimed.claims[at].target.title
        few = [one for one, old in zip(texts, self.texts, strict=True) if one is not old]
        claimed, setting = self.put(few)
        told = [(one.target.title, one.text) for one in claimed.claims]
        try:
            found = check_claims(claimed, setting, timeout)
        except UnfitError:
            return False
        return found.answers[told.index((title, text))].verdict == "agrees"

    def _with(self, at: int, text: str) -> list[Text]:
        """Return the texts of claims with another right side of one."""
        claim = self.claimed.claims[at]
        found, parts = [], self.claimed.parts[1 : 1 + len(self.texts)]
        for one, (offset, own, _) in zip(self.texts, parts, strict=True):
            start, end = claim.start - offset, claim.end - offset
            inside = start >= 0 and end <= len(own)
            new = Text(own[:start] + text + own[end:], one.origin, pasted=one.pasted)
            found.append(new if inside else one)
        return found


def _fits_larger(setting: Setting, at: int) -> bool:
    """Say whether claim number ``at`` fits at larger sizes than those that were chosen."""
    try:
        lowered_for(*setting.anew(LARGE))
    except UnfitError as error:
        return error.at != at
    except SourceError:
        return False
    return True
