"""How accounts stand, a page at a time: of tens of thousands nobody looks at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, or_, select

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.merchants import Registration
from agent.domain.reasons import Explanation
from agent.ledger import leases, sentences
from agent.ledger.run_tables import OutcomeRow
from agent.ledger.service_tables import LeaseRow, ScheduleRow
from agent.ledger.session_tables import ChallengeRow
from agent.ledger.tables import AccountRow, MerchantRow
from agent.ledger.transaction import Transaction


class Filter(StrEnum):
    """Which accounts are wanted: those that failed last, and those that wait for a person."""

    FAILING = "failing"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account, how its last run ended, when it is looked at next, and whether it waits for a person."""

    account: AccountKey
    shop: str | None
    has_login: bool
    paused: bool
    outcome: Outcome | None
    reason: str | None
    told: Explanation | None
    ended_at: datetime | None
    run_id: str | None
    next_at: datetime | None
    failures: int
    challenge: int | None


@dataclass(slots=True)
class MerchantState:
    """A merchant with its accounts by platform. `working`: somebody works on it now."""

    id: str
    name: str
    edition: str
    working: bool
    paused: bool
    accounts: dict[str, list[AccountState]] = field(default_factory=dict)


def merchant_states(
    tx: Transaction,
    limit: int,
    after: str = "",
    *,
    search: str = "",
    platform: str = "",
    only: Filter | None = None,
) -> list[MerchantState]:
    """Return merchants in the order of their ids from the one after `after` on, none that was removed, as filtered."""
    row = MerchantRow
    query = select(row).where(row.id > after, is_kept(row)).order_by(row.id).limit(limit)
    if search:
        query = query.where(or_(row.id.contains(search, autoescape=True), row.name.contains(search, autoescape=True)))
    if platform:
        query = query.where(exists().where(AccountRow.merchant_id == row.id, AccountRow.platform == platform))
    if only:
        query = query.where(_wanted(only, platform))
    return _with_accounts(tx, list(tx.session.scalars(query)))


def is_kept(row: type[MerchantRow | AccountRow]) -> ColumnElement[bool]:
    """Return the condition on a merchant or an account that it was not removed."""
    return row.state != Registration.REMOVED.value


def _wanted(only: Filter, platform: str) -> ColumnElement[bool]:
    if only is Filter.FAILING:
        failing = (ScheduleRow.merchant_id == MerchantRow.id, ScheduleRow.failures > 0)
        return exists().where(*failing, *([ScheduleRow.platform == platform] if platform else []))
    waiting = (ChallengeRow.merchant_id == MerchantRow.id, ChallengeRow.ended_at.is_(None))
    return exists().where(*waiting, *([ChallengeRow.site == platform] if platform else []))


def _with_accounts(tx: Transaction, rows: Sequence[MerchantRow]) -> list[MerchantState]:
    ids = [row.id for row in rows]
    names = [leases.MERCHANT + name for name in ids]
    held = select(LeaseRow.name).where(LeaseRow.name.in_(names), LeaseRow.until > tx.now)
    working = set(tx.session.scalars(held))
    found = {
        row.id: MerchantState(
            id=row.id,
            name=row.name,
            edition=row.edition,
            working=leases.MERCHANT + row.id in working,
            paused=row.state == Registration.PAUSED,
        )
        for row in rows
    }
    for each in _accounts(tx, ids):
        found[each.account.merchant_id].accounts.setdefault(each.account.platform, []).append(each)
    return list(found.values())


def states_of(tx: Transaction, rows: Sequence[AccountRow]) -> list[AccountState]:
    """Return how the accounts of these rows stand, in their order."""
    ids = {row.merchant_id for row in rows}
    newest = select(func.max(OutcomeRow.id)).where(OutcomeRow.merchant_id.in_(ids))
    newest = newest.group_by(OutcomeRow.merchant_id, OutcomeRow.platform, OutcomeRow.label)
    last = select(OutcomeRow).where(OutcomeRow.id.in_(newest))
    ended = {row.account: row for row in tx.session.scalars(last)}
    visits = select(ScheduleRow).where(ScheduleRow.merchant_id.in_(ids))
    planned = {row.account: row for row in tx.session.scalars(visits)}
    asked = select(ChallengeRow).where(ChallengeRow.merchant_id.in_(ids), ChallengeRow.ended_at.is_(None))
    waiting = {row.account: row.id for row in tx.session.scalars(asked)}
    return [_state(row, ended.get(row.account), planned.get(row.account), waiting.get(row.account)) for row in rows]


def _accounts(tx: Transaction, ids: Sequence[str]) -> list[AccountState]:
    accounts = select(AccountRow).where(AccountRow.merchant_id.in_(ids), is_kept(AccountRow))
    return states_of(tx, list(tx.session.scalars(accounts.order_by(AccountRow.platform, AccountRow.label))))


def _state(
    row: AccountRow, ended: OutcomeRow | None, planned: ScheduleRow | None, challenge: int | None
) -> AccountState:
    return AccountState(
        account=row.account,
        shop=row.shop,
        has_login=row.username is not None,
        paused=row.state == Registration.PAUSED,
        outcome=Outcome(ended.outcome) if ended else None,
        reason=ended.reason if ended else None,
        told=sentences.told(ended.told, ended.message) if ended else None,
        ended_at=ended.recorded_at if ended else None,
        run_id=ended.run_id if ended else None,
        next_at=planned.due_at if planned else None,
        failures=planned.failures if planned else 0,
        challenge=challenge,
    )
