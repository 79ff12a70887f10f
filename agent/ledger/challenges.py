"""Challenges (人工验证): what a person is asked for so that an account can log in, and what the person answered."""

import re
import unicodedata
from dataclasses import astuple
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.orders import SHANGHAI
from agent.ledger.schedule import Schedule
from agent.ledger.sealing import purpose
from agent.ledger.session_tables import ChallengeRow
from agent.ledger.session_values import Asked, KnownChallenge
from agent.ledger.tables import AccountRow
from agent.ledger.transaction import Repository, Transaction
from agent.ledger.unsealing import scrubber


class Challenges(Repository):
    """What people are asked for, and what they answered."""

    def ask(self, asked: Asked) -> int:
        """Open a challenge, or renews the open one of that account; an answer to the earlier one is dropped."""
        row = _open(self._tx, asked.account)
        if row is None:
            row = ChallengeRow(**ChallengeRow.columns(asked.account), first_asked_at=self._tx.now)
            self._tx.session.add(row)
        row.kind, row.picture, row.asked_at = asked.kind.value, asked.picture, self._tx.now
        row.message = scrubber(self._tx, asked.account.merchant_id).clean(asked.message) if asked.message else None
        row.deadline = self._tx.now + asked.lasts if asked.lasts else None
        row.held_until = row.deadline if asked.held else None
        row.answer = row.answered_at = None
        row.run_id = self._tx.run_id
        self._tx.session.flush()
        return row.id

    def find(self, challenge_id: int) -> KnownChallenge | None:
        """An open one."""
        row = self._tx.session.get(ChallengeRow, challenge_id)
        return known_challenge(row) if row is not None and row.ended_at is None else None

    def open_of(self, account: AccountKey) -> KnownChallenge | None:
        """The one that waits for that account."""
        row = _open(self._tx, account)
        return known_challenge(row) if row is not None else None

    def waiting(self, most: int | None = None) -> list[KnownChallenge]:
        """Return those that wait for a person, at most so many, oldest first."""
        query = select(ChallengeRow).where(ChallengeRow.ended_at.is_(None)).order_by(ChallengeRow.first_asked_at)
        return [known_challenge(row) for row in self._tx.session.scalars(query.limit(most))]

    def answer(self, challenge_id: int, code: SecretStr) -> bool:
        """Leave an answer for whoever logs in; false if the challenge is over."""
        row = self._tx.session.get(ChallengeRow, challenge_id)
        if row is None or row.ended_at is not None:
            return False
        plain = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", code.get_secret_value()))  # 123 456, １２３４５６
        row.answer, row.answered_at = self._tx.vault.seal(_purpose(row), SecretStr(plain)), self._tx.now
        # The back office is every platform's: what waited for it are all accounts of the merchant.
        known = self._tx.session.get(AccountRow, astuple(row.account))
        Schedule(self._tx).at_once(row.account if known else row.merchant_id)
        return True

    def take_answer(self, account: AccountKey, kind: ChallengeKind, no_older_than: timedelta) -> SecretStr | None:
        """The answer that was left to that kind, given out once; None without one, or where it is too old to be of use.

        So is one that was left after the deadline, to a code that was over by then.
        """
        row = _open(self._tx, account)
        if row is None or row.kind != kind or row.answer is None or row.answered_at is None:
            return None
        sealed, row.answer = row.answer, None
        row.attempts += 1
        in_time = row.deadline is None or row.answered_at <= row.deadline
        fresh = in_time and self._tx.now - row.answered_at <= no_older_than
        return self._tx.vault.open(_purpose(row), sealed) if fresh else None

    def let_go(self, challenge_id: int) -> None:
        """Note that no open page waits for the answer any more."""
        row = self._tx.session.get(ChallengeRow, challenge_id)
        if row is not None:
            row.held_until = None

    def end(self, account: AccountKey) -> None:
        """End the one that waits, if any: the account is logged in."""
        row = _open(self._tx, account)
        if row is not None:
            row.ended_at, row.answer, row.held_until = self._tx.now, None, None


def _open(tx: Transaction, account: AccountKey) -> ChallengeRow | None:
    query = select(ChallengeRow).where(ChallengeRow.is_of(account), ChallengeRow.ended_at.is_(None))
    return tx.session.scalar(query)


def known_challenge(row: ChallengeRow) -> KnownChallenge:
    """Return the challenge of a row."""
    return KnownChallenge(
        id=row.id,
        account=row.account,
        kind=ChallengeKind(row.kind),
        message=row.message,
        picture=row.picture,
        asked_at=row.asked_at.astimezone(SHANGHAI),
        deadline=_local(row.deadline),
        held_until=_local(row.held_until),
        attempts=row.attempts,
        answered=row.answer is not None,
    )


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SHANGHAI) if moment else None


def _purpose(row: ChallengeRow) -> str:
    return purpose("challenge", row.account)
