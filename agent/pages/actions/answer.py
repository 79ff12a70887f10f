"""What followed a press: what was sent, what the page says, which dialogs asked."""

from dataclasses import dataclass, field

from agent.domain.text import Text
from agent.pages import message_words
from agent.pages.live.network import Exchange
from agent.pages.view import PageSnapshot


@dataclass(slots=True)
class Answer:
    """What followed a press. `messages` are the ones that appeared; `writes` what was sent, with its answers.

    `wire_agrees` is true if all that was meant was found in what was sent, false if anything differs, None if that
    cannot be told; `off` says what differs.
    """

    snapshot: PageSnapshot
    writes: list[Exchange] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    wire_agrees: bool | None = None
    off: Text | None = None

    @property
    def lost(self) -> bool:
        """True if something was sent and no answer came."""
        return any(w.lost or w.status is None for w in self.writes)

    @property
    def refused(self) -> str | None:
        """The words of a refusal, else its status, if the site answered that it did not do it.

        A form that was accepted and emptied complains of its empty boxes (请选择平台) beside its 添加成功.
        """
        status = next((w.status for w in self.writes if (w.status or 0) >= 400), None)
        if status is None and self.accepted:
            return None
        failed = next(
            (t for t in self.messages if message_words.FAILURE.search(t) and not message_words.SUCCESS.search(t)), None
        )
        return failed or (f"HTTP {status}" if status else None)

    @property
    def accepted(self) -> bool:
        """True if the page says that it worked."""
        return any(message_words.SUCCESS.search(t) and not message_words.FAILURE.search(t) for t in self.messages)


def is_answer(text: str) -> bool:
    """True for words that tell whether something worked."""
    return message_words.SUCCESS.search(text) is not None or message_words.FAILURE.search(text) is not None
