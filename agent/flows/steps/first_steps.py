"""The first step of each kind in a run: what came of it is compared before the next one is sent."""

from dataclasses import dataclass, field

from agent.domain.report import StepKind


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of step on one site: `where` is its id, or the back office's address. `direct`: no filing is needed."""

    where: str
    kind: StepKind
    direct: bool


@dataclass(slots=True)
class Firsts:
    """What a run knows of the ways that its steps go; all accounts of the run share it.

    `proven` are those of which a list has shown a step just as it was meant. `stopped` are those of which no more is
    sent in this run, with the reason.
    """

    proven: set[Way] = field(default_factory=set)
    stopped: dict[Way, str] = field(default_factory=dict)

    def stop(self, way: Way, reason: str) -> None:
        """Send no more of these steps in this run. What went wrong counts more than what is merely late."""
        if self.stopped.get(way) in (None, NOT_LISTED_YET):
            self.stopped[way] = reason


NOT_LISTED_YET = "not_listed_yet"
HELD_BACK = "held_back"
