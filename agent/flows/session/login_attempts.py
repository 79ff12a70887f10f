"""What the sessions of a run tell each other about log-ins: which were refused, and who may try one just now."""

import asyncio
from collections import defaultdict

from agent.domain.errors import AccountError

# The address of a log-in page, and a user name there.
Login = tuple[str, str]


# Who may try a log-in just now. Runs at the same time share one, for merchants can have a log-in in common.
LoginLocks = defaultdict[Login, asyncio.Lock]


class LoginAttempts:
    """Shared by all sessions of a run: a wrong password must be tried once, not once an account."""

    def __init__(self, login_locks: LoginLocks | None = None) -> None:
        self._found: dict[Login, AccountError] = {}
        self._login_locks = LoginLocks(asyncio.Lock) if login_locks is None else login_locks

    def turn(self, login: Login) -> asyncio.Lock:
        """To be held from `check` until the site has answered: the next one must know of the answer."""
        return self._login_locks[login]

    def check(self, login: Login) -> None:
        """Raise what ended an earlier attempt, if anything did."""
        if refusal := self._found.get(login):
            raise refusal

    def note(self, login: Login, error: AccountError) -> None:
        """From now on `check` raises `error`."""
        self._found[login] = error

    def __contains__(self, error: object) -> bool:
        return any(error is refusal for refusal in self._found.values())
