"""Claims whose shapes do not fit: they are wrong, and may be right with a transpose or a swap.

The number 0, which fits everywhere, stands for such a claim while the others are judged.
"""

from __future__ import annotations

from contextlib import suppress

from backpropcli.calculus.chosen import as_chosen
from backpropcli.errors import SourceError
from backpropcli.language.claims.records import moved
from backpropcli.proof.claims.check import check_claims
from backpropcli.proof.claims.posed import UnfitError, fits_larger, lowered_for
from backpropcli.proof.claims.setting import Setting
from backpropcli.proof.findings.answer import OPEN, WRONG, Answer, Diagnosis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.claims.records import Claimed, Text
    from backpropcli.proof.claims.checked import Checked
    from backpropcli.proof.claims.setting import Asked

SHARE = 0.3
"""How much of the time it may take to find out whether another form of a claim is right."""


class Judged:
    """What is found of the claims in ``texts`` at choice number ``turn``, by ``timeout`` seconds.

    Raises SourceError where the program itself does not fit.
    """

    def __init__(self, asked: Asked, texts: Sequence[Text], timeout: float, turn: int = 0) -> None:
        self.setting = Setting(asked, texts, turn)
        unfit: list[tuple[UnfitError, Setting]] = []
        while True:
            try:
                self.found: Checked = check_claims(self.setting, timeout)
                break
            except UnfitError as error:
                unfit.append((error, self.setting))
                try:
                    texts = self.setting.with_claim(error.at, "0")
                    self.setting = self.setting.anew(texts)
                except SourceError:  # nothing but this claim uses some helper
                    raise moved(error.cause, self.setting.claimed.parts) from None
        if any(one.status == WRONG for one in self.found.answers):
            self._exact(timeout)
        for misfit, setting in unfit:
            answer = self._answered(misfit, setting.claimed, timeout * SHARE)
            if setting.free and not answer.diagnosis and fits_larger(setting, misfit.at):
                answer.status = OPEN
                answer.reason += f"; {as_chosen(setting.free)}"
            self.found.answers[misfit.at] = answer

    def leave_open(self) -> None:
        """Leave claims open on a side of a choice that other sizes would take than were tried."""
        from backpropcli.proof.floats.sizes import Lettered

        lowered, setting = lowered_for(self.setting), self.setting
        graph, places = lowered.graph, lowered.places
        conditions = [(graph, places[node]) for node in setting.claimed.conditions]
        sizes = Lettered(setting.lettered, setting.values, self.found.sizes, conditions)
        for claim, answer in zip(setting.claimed.claims, self.found.answers, strict=True):
            roots = [places[node] for node in (claim.target.of, claim.node)]
            missed = sizes.missed(lowered, roots) if answer.verdict == "agrees" else ""
            if missed:
                answer.status, answer.reason = OPEN, missed
                answer.diagnosis, answer.notes = [], []

    def _exact(self, timeout: float) -> None:
        """Judge claims anew with exact numbers in place of rounded ones, where there are some."""
        from backpropcli.proof.claims.coefficients import allowed, mended

        texts, told = mended(self.setting.texts)
        if told:
            with suppress(SourceError, UnfitError):  # a name of the program's is a constant's
                allowed(self.found, check_claims(self.setting.anew(texts), timeout), told)

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
        whole = self.setting
        texts, title = whole.with_claim(at, text), whole.claimed.claims[at].target.title
        few = [one for one, old in zip(texts, whole.texts, strict=True) if one is not old]
        setting = whole.anew(few)
        told = [(one.target.title, one.text) for one in setting.claimed.claims]
        try:
            found = check_claims(setting, timeout)
        except UnfitError:
            return False
        return found.answers[told.index((title, text))].verdict == "agrees"
