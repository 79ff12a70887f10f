"""What a probe found: part by part, whether a site is as it is declared (探测报告)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from agent.domain.text import Text


class Verdict(StrEnum):
    """Whether a part is as it is declared, different, or was not seen."""

    AS_DECLARED = "as_declared"
    DIFFERENT = "different"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a declaration. `declared` and `seen` hold nothing of the account; `picture` is a PNG of the place."""

    part: str
    verdict: Verdict
    declared: str
    seen: str
    picture: bytes | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, str]:
        """Without the picture."""
        return {"part": self.part, "verdict": self.verdict.value, "declared": self.declared, "seen": self.seen}


def judged(part: str, declared: str, seen: str, *, same: bool | None) -> Part:
    """Return a part that is as declared, different, or with None not seen."""
    verdict = Verdict.NOT_SEEN if same is None else Verdict.AS_DECLARED if same else Verdict.DIFFERENT
    return Part(part, verdict, declared, seen)


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """All parts of a platform and of the back office. `ended`: why the visit could not go on, None if it did; `cure`:
    what to do about that. `found` is what can be kept as this installation's declaration, by the names of the settings.
    """

    merchant: str
    platform: str
    parts: Sequence[Part]
    ended: Text | None = None
    reason: str | None = None
    cure: Text | None = None
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def exit_status(self) -> int:
        """0 if nothing is different and the visit went through, else 1."""
        different = any(p.verdict is Verdict.DIFFERENT for p in self.parts)
        return 1 if different or self.ended is not None else 0

    def masked(self, mask: Callable[[str], str]) -> "ProbeReport":
        """The same with each text in it masked."""
        parts = [replace(p, declared=mask(p.declared), seen=mask(p.seen)) for p in self.parts]
        ended, cure = (text and Text(mask(text.en), mask(text.zh)) for text in (self.ended, self.cure))
        return replace(self, parts=parts, ended=ended, cure=cure)

    def to_json(self) -> dict[str, Any]:
        """The answer of `fankuan probe --json`."""
        known = {"merchant": self.merchant, "platform": self.platform, "reason": self.reason}
        told = {"message": _english(self.ended), "cure": _english(self.cure)}
        return {"schema": 1, **known, **told, "parts": [part.to_json() for part in self.parts]}


def _english(text: Text | None) -> str | None:
    return None if text is None else str(text)
