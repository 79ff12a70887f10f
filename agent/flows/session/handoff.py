"""The one port through which a person is asked for help (人工介入).

What is asked is left in the ledger; from there any process on any machine that shares it may answer.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from loguru import logger
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.ledger import Asked, KnownChallenge, Ledger, lease_of

# How long a code that was sent to a phone is of use; sites say from five to fifteen minutes.
CODE_LASTS = timedelta(minutes=10)
_LOOK_EVERY = 0.5

Tell = Callable[[KnownChallenge], None]
# Takes a picture of the page for the person who is asked, and gives its path.
Picture = Callable[[], Awaitable[str | None]]


def nobody(_: KnownChallenge) -> None:
    """Tell no one."""


async def no_picture() -> None:
    """Take none."""


class _Totp(pyotp.TOTP):
    """Takes the secrets of 80 bits, too, that many a site gives out."""

    def byte_secret(self) -> bytes:
        return base64.b32decode(self.secret + "=" * (-len(self.secret) % 8))


def code_now(secret: SecretStr, moment: datetime) -> SecretStr:
    """动态口令: what an authenticator with that secret (base32) shows at that moment."""
    return SecretStr(_Totp(secret.get_secret_value()).at(moment))


@dataclass(slots=True)
class Handoff:
    """Asks on behalf of one account, of a platform or of the back office.

    `patience` is how long an open page waits for an answer; with none the question is left, and the run goes on.
    `tell` is called with each question, at once. `clock` gives aware moments.
    """

    ledger: Ledger
    run_id: str
    account: AccountKey
    clock: Callable[[], datetime]
    patience: timedelta = timedelta()
    tell: Tell = nobody
    picture: Picture = no_picture
    dry_run: bool = False
    totp: SecretStr | None = None

    def known(self, kind: ChallengeKind) -> SecretStr | None:
        """The code that needs nobody: made from the stored secret, or left by somebody for this log-in."""
        if kind is ChallengeKind.TOTP and self.totp is not None:
            return code_now(self.totp, self.clock())
        return self.left(kind)

    def left(self, kind: ChallengeKind) -> SecretStr | None:
        """The answer that somebody left for this log-in, given out once; None without one that is still of use."""
        with self.ledger.begin(on=lease_of(self.account.merchant_id)) as tx:
            return tx.challenges.take_answer(self.account, kind, CODE_LASTS)

    def wants_one_sent(self) -> bool:
        """True if a code is to be sent to the person now: once a question, not once a night."""
        if self.patience:
            return True
        if self.dry_run:
            return False
        with self.ledger.read() as tx:
            return tx.challenges.open_of(self.account) is None

    def leave(self, kind: ChallengeKind, text: str | None, picture: str | None) -> int:
        """Leave the question for whoever comes, and return its number."""
        lasts = CODE_LASTS if kind in (ChallengeKind.SMS, ChallengeKind.EMAIL) else None
        return self._put(Asked(self.account, kind, text, picture, lasts))

    def show(self, kind: ChallengeKind, picture: str | None, lasts: timedelta) -> None:
        """Leave what an open page shows and waits for by itself, such as a code to scan."""
        self._put(Asked(self.account, kind, None, picture, lasts, held=True))

    async def wait_for(self, kind: ChallengeKind, text: str | None) -> SecretStr | None:
        """Ask, and wait while the page is open; None if nobody answered in time."""
        picture = await self.picture()
        asked = self._put(Asked(self.account, kind, text, picture, self.patience, held=True))
        deadline = self.clock() + self.patience
        try:
            while self.clock() < deadline:
                with self.ledger.read() as tx:
                    waiting = tx.challenges.find(asked)
                if waiting is not None and waiting.answered:
                    return self.left(kind)
                await asyncio.sleep(_LOOK_EVERY)
            return None
        finally:
            with self.ledger.begin(on=lease_of(self.account.merchant_id)) as tx:
                tx.challenges.let_go(asked)

    def _put(self, asked: Asked) -> int:
        with self.ledger.begin(on=lease_of(self.account.merchant_id), run_id=self.run_id) as tx:
            number = tx.challenges.ask(asked)
            waiting = tx.challenges.find(number)
        logger.info("{}: a person is asked ({}), challenge {}", self.account, asked.kind, number)
        if waiting:
            self.tell(waiting)
        return number
