"""Sessions (登录态): kept sealed while they live, and remembered without their contents once they are over."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI
from agent.ledger.sealing import purpose
from agent.ledger.tables import MerchantRow, SessionRow
from agent.ledger.values import CarriedSession, KeptSession, KnownSession
from agent.ledger.work import UnitOfWork

_ENOUGH = 3  # lives from which a site's is learnt
_RECENT = 20


def find(work: UnitOfWork, account: AccountKey) -> KeptSession | None:
    """The one that is alive."""
    row = _alive(work, account)
    if row is None or row.state is None:
        return None
    return KeptSession(row.id, work.vault.open(_purpose(account), row.state))


def ever(work: UnitOfWork, account: AccountKey) -> bool:
    """True where one was kept at any time."""
    return work.session.scalar(select(SessionRow.id).where(SessionRow.is_of(account)).limit(1)) is not None


def keep(work: UnitOfWork, account: AccountKey, state: SecretStr, renewed: int | None) -> int:
    """Keeps what was seen logged in just now: in the row `renewed` where that is still alive, else in a new one."""
    row = _alive(work, account)
    if row is not None and row.id != renewed:
        _end(work, row)
        work.session.flush()
        row = None
    if row is None:
        row = SessionRow(**SessionRow.columns(account), issued_at=work.now)
        work.session.add(row)
    row.state, row.proven_at = work.vault.seal(_purpose(account), state), work.now
    work.session.flush()
    return row.id


def carry(work: UnitOfWork) -> list[CarriedSession]:
    """Those alive, with their contents, to be taken to another machine."""
    rows = work.session.scalars(select(SessionRow).where(SessionRow.ended_at.is_(None)).order_by(SessionRow.id))
    return [
        CarriedSession(row.account, row.issued_at, row.proven_at, work.vault.open(_purpose(row.account), row.state))
        for row in rows
        if row.state is not None
    ]


def take_in(work: UnitOfWork, carried: CarriedSession) -> bool:
    """Keeps one from another machine, unless the merchant is not known here or a newer one is kept."""
    if work.session.get(MerchantRow, carried.account.merchant_id) is None:
        return False
    here = _alive(work, carried.account)
    if carried.proven_at > work.now or (here is not None and here.proven_at >= carried.proven_at):
        return False
    kept = work.session.get(SessionRow, keep(work, carried.account, carried.state, None))
    if kept is not None:
        kept.issued_at, kept.proven_at = carried.issued_at, carried.proven_at
    return True


def lapse(work: UnitOfWork, session_id: int) -> None:
    """Ends one that was found dead. One that another run has replaced already stays as it is."""
    row = work.session.get(SessionRow, session_id)
    if row is not None and row.ended_at is None:
        _end(work, row)
        row.lapsed = True


def known(work: UnitOfWork, merchants: Collection[str] | None) -> list[KnownSession]:
    """Those alive, or these merchants' of them, by account."""
    query = select(SessionRow).where(SessionRow.ended_at.is_(None))
    if merchants is not None:
        query = query.where(SessionRow.merchant_id.in_(merchants))
    rows = sorted(work.session.scalars(query), key=lambda row: row.account)
    lives = _lifetimes(work, {row.site for row in rows})
    return [
        KnownSession(
            row.account,
            row.issued_at.astimezone(SHANGHAI),
            row.proven_at.astimezone(SHANGHAI),
            (row.issued_at + lives[row.site]).astimezone(SHANGHAI) if row.site in lives else None,
        )
        for row in rows
    ]


def _alive(work: UnitOfWork, account: AccountKey) -> SessionRow | None:
    return work.session.scalar(select(SessionRow).where(SessionRow.is_of(account), SessionRow.ended_at.is_(None)))


def _end(work: UnitOfWork, row: SessionRow) -> None:
    row.ended_at, row.state = work.now, None


def _lifetimes(work: UnitOfWork, sites: Collection[str]) -> dict[str, timedelta]:
    """How long a session lasts on each of the sites, as far as enough of them were found dead."""
    lapsed = select(SessionRow.issued_at, SessionRow.proven_at).where(SessionRow.lapsed).order_by(SessionRow.id.desc())
    lives = {}
    for site in sites:
        rows = work.session.execute(lapsed.where(SessionRow.site == site).limit(_RECENT)).all()
        lives[site] = [proven_at - issued_at for issued_at, proven_at in rows]
    return {site: _quartile(found) for site, found in lives.items() if len(found) >= _ENOUGH}


def _quartile(lives: Sequence[timedelta]) -> timedelta:
    return sorted(lives)[len(lives) // 4]


def _purpose(account: AccountKey) -> str:
    return purpose("session", account)
