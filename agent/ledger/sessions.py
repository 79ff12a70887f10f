"""Sessions (登录态): kept sealed while they live, and remembered without their contents once they are over."""

from collections.abc import Collection, Sequence
from dataclasses import astuple
from datetime import timedelta

from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Registration
from agent.domain.orders import SHANGHAI
from agent.ledger.challenges import Challenges
from agent.ledger.log_ins import LogIns
from agent.ledger.sealing import purpose
from agent.ledger.session_tables import SessionRow
from agent.ledger.session_values import CarriedSession, KeptSession, KnownSession
from agent.ledger.tables import AccountRow, MerchantRow
from agent.ledger.transaction import Repository, Transaction

_ENOUGH = 3  # lives from which a site's is learnt
_RECENT = 20


class Sessions(Repository):
    """Kept sessions of accounts."""

    def find(self, account: AccountKey) -> KeptSession | None:
        """The one that is alive."""
        row = _alive(self._tx, account)
        if row is None or row.state is None:
            return None
        return KeptSession(row.id, self._tx.vault.open(_purpose(account), row.state))

    def was_kept(self, account: AccountKey) -> bool:
        """True if one was kept at any time."""
        return self._tx.session.scalar(select(SessionRow.id).where(SessionRow.is_of(account)).limit(1)) is not None

    def keep(self, account: AccountKey, state: SecretStr, renewed: int | None) -> int:
        """Keep, sealed, a session that was seen logged in just now, and return its id.

        `renewed` is the id of the kept one that it goes on from; without one it is new, and takes the place of the old.
        What a person was asked for that account is settled with it. That of an account which was removed while it was
        worked on is over at once: its secrets were erased.
        """
        Challenges(self._tx).end(account)
        LogIns(self._tx).forget(account)
        kept = _put(self._tx, account, state, renewed)
        if _is_removed(self._tx, account):
            _end(self._tx, self._tx.session.get_one(SessionRow, kept))
        return kept

    def carry(self) -> list[CarriedSession]:
        """Those alive, with their contents, to be taken to another machine."""
        rows = self._tx.session.scalars(select(SessionRow).where(SessionRow.ended_at.is_(None)).order_by(SessionRow.id))
        return [
            CarriedSession(
                row.account, row.issued_at, row.proven_at, self._tx.vault.open(_purpose(row.account), row.state)
            )
            for row in rows
            if row.state is not None
        ]

    def take_in(self, carried: Sequence[CarriedSession]) -> list[CarriedSession]:
        """Keep sessions of another machine, and return those that were taken.

        Not taken is one of a merchant who is not known here or was removed, and one for which a newer is kept.
        """
        return [each for each in carried if self._take_in(each)]

    def _take_in(self, carried: CarriedSession) -> bool:
        if self._tx.session.get(MerchantRow, carried.account.merchant_id) is None or _is_removed(
            self._tx, carried.account
        ):
            return False
        here = _alive(self._tx, carried.account)
        if carried.proven_at > self._tx.now or (here is not None and here.proven_at >= carried.proven_at):
            return False
        kept = self._tx.session.get(SessionRow, _put(self._tx, carried.account, carried.state, None))
        if kept is not None:
            kept.issued_at, kept.proven_at = carried.issued_at, carried.proven_at
        return True

    def lapse(self, session_id: int) -> None:
        """End one that was found dead. One that another run has replaced already stays as it is."""
        row = self._tx.session.get(SessionRow, session_id)
        if row is not None and row.ended_at is None:
            _end(self._tx, row)
            row.lapsed = True

    def known(self, merchants: Collection[str] | None = None) -> list[KnownSession]:
        """Those alive, or these merchants' of them, by account."""
        query = select(SessionRow).where(SessionRow.ended_at.is_(None))
        if merchants is not None:
            query = query.where(SessionRow.merchant_id.in_(merchants))
        rows = sorted(self._tx.session.scalars(query), key=lambda row: row.account)
        lives = _lifetimes(self._tx, {row.site for row in rows})
        return [
            KnownSession(
                row.account,
                row.issued_at.astimezone(SHANGHAI),
                row.proven_at.astimezone(SHANGHAI),
                (row.issued_at + lives[row.site]).astimezone(SHANGHAI) if row.site in lives else None,
            )
            for row in rows
        ]


def _put(tx: Transaction, account: AccountKey, state: SecretStr, renewed: int | None) -> int:
    """Keep what was seen logged in just now: in the row `renewed` where that is still alive, else in a new one."""
    row = _alive(tx, account)
    if row is not None and row.id != renewed:
        _end(tx, row)
        tx.session.flush()
        row = None
    if row is None:
        row = SessionRow(**SessionRow.columns(account), issued_at=tx.now)
        tx.session.add(row)
    row.state, row.proven_at = tx.vault.seal(_purpose(account), state), tx.now
    tx.session.flush()
    return row.id


def _alive(tx: Transaction, account: AccountKey) -> SessionRow | None:
    return tx.session.scalar(select(SessionRow).where(SessionRow.is_of(account), SessionRow.ended_at.is_(None)))


def _is_removed(tx: Transaction, account: AccountKey) -> bool:
    rows = tx.session.get(MerchantRow, account.merchant_id), tx.session.get(AccountRow, astuple(account))
    return any(row is not None and row.state == Registration.REMOVED for row in rows)


def _end(tx: Transaction, row: SessionRow) -> None:
    row.ended_at, row.state = tx.now, None


def _lifetimes(tx: Transaction, sites: Collection[str]) -> dict[str, timedelta]:
    """How long a session lasts on each of the sites, as far as enough of them were found dead."""
    lapsed = select(SessionRow.issued_at, SessionRow.proven_at).where(SessionRow.lapsed).order_by(SessionRow.id.desc())
    lives = {}
    for site in sites:
        rows = tx.session.execute(lapsed.where(SessionRow.site == site).limit(_RECENT)).all()
        lives[site] = [proven_at - issued_at for issued_at, proven_at in rows]
    return {site: _quartile(found) for site, found in lives.items() if len(found) >= _ENOUGH}


def _quartile(lives: Sequence[timedelta]) -> timedelta:
    return sorted(lives)[len(lives) // 4]


def _purpose(account: AccountKey) -> str:
    return purpose("session", account)
