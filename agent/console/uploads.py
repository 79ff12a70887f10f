"""Statements that were uploaded and wait for a person to confirm them: in this process alone, for an hour at most."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from agent.importing.statement import Statement

LASTS, MOST = timedelta(hours=1), 10


@dataclass(frozen=True, slots=True)
class Upload:
    """What was read of a statement that `who` sent, and whose merchant it is said to be of, if any."""

    id: str
    who: str
    at: datetime
    statement: Statement
    merchants: tuple[str, ...]


class Uploads:
    """Keeps the newest few of each person. To be used by several threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, Upload] = {}

    def keep(self, who: str, statement: Statement, merchants: tuple[str, ...]) -> Upload:
        """Keep a statement, and return it with its id, which cannot be guessed."""
        made = Upload(secrets.token_urlsafe(16), who, self._clock(), statement, merchants)
        with self._lock:
            alive = [each for each in self._kept.values() if self._lasts(each)]
            own = [*(each for each in alive if each.who == who), made][-MOST:]
            self._kept = {each.id: each for each in [*(each for each in alive if each.who != who), *own]}
        return made

    def find(self, number: str, who: str) -> Upload | None:
        """Return the statement if it is still there and was uploaded by `who`."""
        found = self._kept.get(number)
        return found if found is not None and found.who == who and self._lasts(found) else None

    def drop(self, number: str) -> None:
        """Forget a statement."""
        with self._lock:
            self._kept.pop(number, None)

    def _lasts(self, each: Upload) -> bool:
        return self._clock() - each.at < LASTS
