"""Leases (租约): who works on a merchant right now, on whatever machine.

The token of a lease grows with each holder. Every intent is begun with it, so that one who was frozen, and whose lease
another took over meanwhile, cannot begin any other step.
"""

from collections.abc import Collection
from dataclasses import astuple
from datetime import timedelta

from sqlalchemy import func, select, update

from agent.domain.accounts import AccountKey
from agent.domain.errors import LeaseLost
from agent.ledger.engine import wait_for
from agent.ledger.service_tables import LeaseRow, ScheduleRow
from agent.ledger.transaction import Repository
from agent.ledger.values import Lease, Limits

MERCHANT = "merchant/"
# Who has not renewed a lease for so long is taken for dead.
LASTS = timedelta(seconds=10)
_MINUTE = timedelta(minutes=1)


def lease_of(merchant_id: str) -> str:
    """Return the name of the lease of a merchant, which also names what a transaction changes."""
    return MERCHANT + merchant_id


class Leases(Repository):
    """Who works on what."""

    def take(self, name: str, holder: str, place: str) -> Lease | None:
        """The lease of that name, or None while another has it.

        The caller is the only one at its `place` (a machine's data directory): what was leased from there is left over.
        """
        wait_for(self._tx.session.connection(), name)  # of two, one adds the row
        row = self._tx.session.get(LeaseRow, name, with_for_update=True)
        if row is None:
            row = LeaseRow(name=name, holder="", token=0)
            self._tx.session.add(row)
        elif row.until is not None and row.until > self._tx.now and not row.holder.startswith(place):
            return None
        elif row.until is not None:
            row.taken_over_at = self._tx.now
        row.holder, row.token, row.until, row.platform = f"{place}{holder}", row.token + 1, self._tx.now + LASTS, None
        row.label, row.taken_at = "", self._tx.now
        return Lease(name, row.token)

    def take_account(
        self, account: AccountKey, *, holder: str, place: str, limits: Limits | None = None
    ) -> Lease | None:
        """The lease of the account's merchant; None, too, if the platform's limits are reached.

        The account is worked on until the lease is given back, or the account by `leave`.
        """
        wait_for(self._tx.session.connection(), lease_of(account.merchant_id))
        if not self._has_room(account, limits):
            return None
        lease = self.take(lease_of(account.merchant_id), holder, place)
        if lease is not None:
            held = self._tx.session.get_one(LeaseRow, lease.name)
            held.platform, held.label = account.platform, account.label
            self._work_on(account, lease)
        return lease

    def join(self, lease: Lease, account: AccountKey, limits: Limits | None = None) -> bool:
        """Work on another account of the merchant whose lease this is; false if the platform's limits are reached.

        Raise LeaseLost if another has the lease by now.
        """
        wait_for(self._tx.session.connection(), lease.name)
        self.check(lease)
        if not self._has_room(account, limits):
            return False
        self._work_on(account, lease)
        return True

    def _has_room(self, account: AccountKey, limits: Limits | None) -> bool:
        """True if the platform's limits allow one more; nobody else is told so until the transaction ends."""
        if limits is None:
            return True
        # After the merchant's lock, as everyone does: two that wait for each other's would wait in vain.
        wait_for(self._tx.session.connection(), f"platform/{account.platform}")
        return self.room(account.platform, limits) > 0

    def _work_on(self, account: AccountKey, lease: Lease) -> None:
        if row := self._tx.session.get(ScheduleRow, astuple(account)):
            row.claimed_at, row.lease_token = self._tx.now, lease.token

    def leave(self, lease: Lease, account: AccountKey) -> None:
        """The account is not worked on any more; its merchant's lease is held on."""
        row = self._tx.session.get(ScheduleRow, astuple(account))
        if row is not None and row.lease_token == lease.token:
            row.lease_token = None

    def room(self, platform: str, limits: Limits) -> int:
        """How many more accounts of a platform may be taken up now."""
        at_work = (
            select(func.count())
            .select_from(ScheduleRow)
            .join(LeaseRow, LeaseRow.name == MERCHANT + ScheduleRow.merchant_id)
            .where(
                ScheduleRow.platform == platform,
                ScheduleRow.lease_token.is_not(None),
                ScheduleRow.lease_token == LeaseRow.token,
                LeaseRow.until > self._tx.now,
            )
        )
        lately = select(func.count()).where(
            ScheduleRow.platform == platform, ScheduleRow.claimed_at > self._tx.now - _MINUTE
        )
        return min(
            limits.at_once - (self._tx.session.scalar(at_work) or 0),
            limits.a_minute - (self._tx.session.scalar(lately) or 0),
        )

    def left_over(self) -> set[str]:
        """The merchants whose last holder did not give them back, and is not heard of any more."""
        names = self._tx.session.scalars(select(LeaseRow.name).where(LeaseRow.until <= self._tx.now))
        return {name.removeprefix(MERCHANT) for name in names}

    def renew(self, lease: Lease) -> bool:
        """Keep a lease for another while; false if another has it by now."""
        row = self._tx.session.get(LeaseRow, lease.name, with_for_update=True)
        if row is None or row.token != lease.token:
            return False
        row.until = self._tx.now + LASTS
        return True

    def renew_all(self, leases: Collection[Lease]) -> set[Lease]:
        """Keep these for another while, and return those that nobody else has by now."""
        names = {lease.name for lease in leases}
        # In one order everywhere: of two processes that believe in the same ones, none waits for the other in vain.
        query = select(LeaseRow).where(LeaseRow.name.in_(names)).order_by(LeaseRow.name).with_for_update()
        # A process can believe in an older lease of the same name, too, until it is told that this one is over.
        ours = [row for row in self._tx.session.scalars(query) if Lease(row.name, row.token) in leases]
        for row in ours:
            row.until = self._tx.now + LASTS
        return {Lease(row.name, row.token) for row in ours}

    def release(self, lease: Lease) -> None:
        """Give a lease back, unless another has it by now."""
        row = self._tx.session.get(LeaseRow, lease.name, with_for_update=True)
        if row is not None and row.token == lease.token:
            row.until, row.platform, row.label = None, None, ""
            at_work = ScheduleRow.merchant_id == lease.name.removeprefix(MERCHANT)
            self._tx.session.execute(update(ScheduleRow).where(at_work).values(lease_token=None))

    def check(self, lease: Lease) -> None:
        """Raise LeaseLost if another has it by now."""
        row = self._tx.session.get(LeaseRow, lease.name)
        if row is None or row.token != lease.token:
            raise LeaseLost(lease.name)
