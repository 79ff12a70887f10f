"""What came of the click of a step, as the site's answer tells it; only its lists tell whether it is so."""

from dataclasses import dataclass, field

from agent.domain.doubt import Heard
from agent.domain.text import Text
from agent.pages import message_words
from agent.pages.actions.answer import Answer
from agent.pages.live.network import declined

_PASSING = ("HTTP 401",)
_TROUBLE = 500  # and above: errors of the site's own, which say nothing of what it has done by then
# What a gateway answers while the server behind it may still be at work: as good as no answer.
_GAVE_UP_WAITING = (408, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class StepAttempt:
    """A step whose clicks were made. What came of it is known only once the page has been read again.

    `refused` are the site's words where it answered that it did not do it. `lost` is true if no answer came, or one
    that says that nobody knows (a gateway's 504, 请求超时): then it is not tried again before the next run has looked.
    `heard` is what the answer comes to; `wire_agrees` whether what was sent is what was planned (None: not known),
    and `off` what of it is not.
    """

    intent_id: int
    lost: bool
    refused: str | None
    pictures: tuple[str, ...]
    heard: Heard = Heard.UNCLEAR
    wire_agrees: bool | None = None
    off: Text | None = None

    @property
    def too_early(self) -> bool:
        """True if the back office said that the waiting time is not over."""
        return self.refused is not None and message_words.TOO_EARLY.search(self.refused) is not None

    @property
    def passing(self) -> bool:
        """True if the refusal is trouble of the site's own, so that asking again can help."""
        return self.heard is Heard.UNCLEAR or (self.refused or "") in _PASSING


@dataclass(slots=True)
class OpenStep:
    """A step whose intent is committed."""

    intent_id: int
    name: str
    sent: dict[str, str]
    pictures: list[str] = field(default_factory=list)

    def clicked(self, answer: Answer) -> StepAttempt:
        """The step, ended with this answer."""
        return StepAttempt(
            self.intent_id,
            _is_lost(answer),
            answer.refused,
            tuple(self.pictures),
            heard=heard_in(answer),
            wire_agrees=answer.wire_agrees,
            off=answer.off,
        )

    def without_effect(self, text: str) -> StepAttempt:
        """The step, ended before anything was sent."""
        pictures = tuple(self.pictures)
        return StepAttempt(self.intent_id, lost=False, refused=text, pictures=pictures, heard=Heard.REFUSED)


def heard_in(answer: Answer) -> Heard:
    """What an answer comes to. What the site says it has already (请勿重复提交) was accepted, whatever the status."""
    refusal, statuses = answer.refused, [w.status or 0 for w in answer.writes]
    if refusal is not None and message_words.HAS_IT_ALREADY.search(refusal):
        return Heard.ACCEPTED
    if refusal is None and answer.accepted:
        return Heard.ACCEPTED
    troubled = any(s >= _TROUBLE for s in statuses) or message_words.SITE_ERROR.search(refusal or "") is not None
    if troubled or (refusal is None and declined(answer.writes)) or _is_lost(answer):
        return Heard.UNCLEAR
    if refusal is not None:
        return Heard.REFUSED
    return Heard.ACCEPTED if statuses else Heard.UNCLEAR


def _is_lost(answer: Answer) -> bool:
    timed_out = any(w.status in _GAVE_UP_WAITING for w in answer.writes) or "超时" in (answer.refused or "")
    return answer.lost or timed_out
