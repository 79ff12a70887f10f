"""The messages that come up on a page after a press; many are gone after three seconds."""

from dataclasses import dataclass, field

from agent.pages.actions.answer import is_answer
from agent.pages.inference.declarations import asks_to_declare
from agent.pages.view import PageSnapshot

LONGEST = 60


@dataclass(slots=True)
class Messages:
    """`seen` are the texts that were there before, `texts` the messages since, in their order."""

    seen: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)

    def hear(self, snapshot: PageSnapshot) -> None:
        """Take note of what this look shows."""
        for text in (n.text for n in snapshot.texts()):
            new = text not in self.seen and text not in self.texts and len(text) <= LONGEST
            if new and (is_answer(text) or asks_to_declare(text)):
                self.texts.append(text)
