"""Intents: a step is committed here before its click, and closed only by what the page says afterwards."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from agent.domain.accounts import AccountKey
from agent.domain.doubt import PATIENCE, Experience, Heard
from agent.domain.errors import IntentAlreadyOpen, IntentNotOpen
from agent.domain.report import StepKind, StepResult
from agent.ledger import payments
from agent.ledger.refunds import Refunds
from agent.ledger.tables import IntentRow
from agent.ledger.transaction import Repository
from agent.ledger.unsealing import scrubber
from agent.ledger.values import Intent

# In what was sent: how many orders could not be told from the one that was meant.
ALIKE = "alike"
_HAPPENED = {StepResult.DONE, StepResult.ALREADY}


class Intents(Repository):
    """Steps that were begun, and how they ended."""

    def begin(self, account: AccountKey, kind: StepKind, order_key: str, sent: dict[str, str]) -> int:
        """Open an intent and give its id. Raise IntentAlreadyOpen where one is open for the same step."""
        # Whichever of the merchant's accounts on the platform began it: two may be two log-ins of one shop.
        same = _open().where(IntentRow.kind == kind.value, IntentRow.order_key == order_key)
        beside = IntentRow.merchant_id == account.merchant_id, IntentRow.platform == account.platform
        if self._tx.session.scalars(same.where(*beside)).first() is not None:
            raise IntentAlreadyOpen(account, kind, order_key)
        return self.open_one(account, kind.value, order_key, sent)

    def open_one(self, account: AccountKey, kind: str, order_key: str, sent: dict[str, str]) -> int:
        """Open an intent of any kind, and return its id.

        Raise IntentAlreadyOpen if one is open for the same, and IntegrityError for an unknown run or account.
        """
        masked = scrubber(self._tx, account.merchant_id)
        alike = IntentRow.is_of(account), IntentRow.kind == kind, IntentRow.order_key == order_key
        row = IntentRow(
            run_id=self._tx.run_id,
            **IntentRow.columns(account),
            kind=kind,
            order_key=order_key,
            sent={name: masked.clean(text) for name, text in sent.items()},
            begun_at=self._tx.now,
        )
        try:
            with self._tx.session.begin_nested():
                self._tx.session.add(row)
        except IntegrityError as error:  # another began the same at this very moment, or there is no such account
            if self._tx.session.scalar(select(IntentRow.id).where(*alike, IntentRow.result.is_(None))) is None:
                raise
            raise IntentAlreadyOpen(account, kind, order_key) from error
        return row.id

    def close(self, intent_id: int, result: StepResult, text: str | None) -> None:
        """Close an open intent: done or already, or failed, which means that it positively did not happen.

        Raise IntentNotOpen where it is closed or unknown, and ValueError for a result that closes nothing.
        """
        if result not in _HAPPENED | {StepResult.FAILED}:
            raise ValueError(f"{result} does not close an intent")
        row = self._tx.session.get(IntentRow, intent_id, with_for_update=True)
        if row is None or row.result is not None:
            raise IntentNotOpen(intent_id)
        shown = None if text is None else scrubber(self._tx, row.merchant_id).clean(text)
        row.result, row.closed_at, row.message = result.value, self._tx.now, shown
        if row.kind == StepKind.REQUEST_REFUND and result in _HAPPENED:
            Refunds(self._tx).note_requested(row.account, row.order_key)

    def open_of(self, account: AccountKey) -> list[Intent]:
        """The open intents of one account's steps, oldest first."""
        rows = self._tx.session.scalars(_open().where(IntentRow.is_of(account)).order_by(IntentRow.id))
        return [_intent(row) for row in rows]

    def hear(self, intent_id: int, heard: Heard, wire_agrees: bool | None = None) -> None:
        """Keep what the site answered to an open step. Raise IntentNotOpen if it is closed or unknown."""
        row = self._tx.session.get(IntentRow, intent_id, with_for_update=True)
        if row is None or row.result is not None:
            raise IntentNotOpen(intent_id)
        row.heard, row.heard_at, row.wire_agrees = heard.value, self._tx.now, wire_agrees

    def miss(self, intent_ids: Collection[int]) -> None:
        """Keep that a look showed these open steps as not done. Of each only the first such look is kept."""
        for row in self._tx.session.scalars(_open().where(IntentRow.id.in_(intent_ids))):
            row.missing_since = row.missing_since or self._tx.now

    def experience(self, account: AccountKey, kind: StepKind) -> Experience:
        """How soon the list that shows an account's steps of that kind has shown them."""
        newest = self._tx.session.scalars(
            _on_same_list(account, kind).where(IntentRow.result.in_(_HAPPENED)).order_by(IntentRow.id.desc()).limit(1)
        ).one_or_none()
        missing = self._tx.session.scalars(
            _on_same_list(account, kind).where(
                IntentRow.result.is_(None),
                IntentRow.heard == Heard.ACCEPTED.value,
                IntentRow.missing_since.is_not(None),
            )
        ).all()
        recent = [row for row in missing if self._tx.now - (row.heard_at or row.begun_at) < PATIENCE]
        return Experience(
            newest_listed=newest.begun_at if newest else None,
            shown_within=newest.closed_at - newest.begun_at if newest and newest.closed_at else None,
            late=newest is not None and newest.missing_since is not None,
            waiting=bool(missing),
            unproven=any(not row.wire_agrees for row in recent),
        )

    def happened(self, account: AccountKey) -> set[tuple[StepKind, str]]:
        """The kind and the order of every step of an account that is known to have happened.

        A refund that a bank's statement shows as paid has been requested, whoever did it.
        """
        query = select(IntentRow.kind, IntentRow.order_key).where(
            IntentRow.is_of(account),
            IntentRow.kind.in_([kind.value for kind in StepKind]),
            IntentRow.result.in_(_HAPPENED),
        )
        done = {(StepKind(kind), key) for kind, key in self._tx.session.execute(query)}
        paid = payments.paid(self._tx, account.merchant_id, account.platform)
        return done | {(StepKind.REQUEST_REFUND, order_no) for order_no in paid}

    def in_doubt(self, merchants: Collection[str]) -> set[tuple[AccountKey, str]]:
        """Account and order of every step of these merchants that is open."""
        rows = self._tx.session.scalars(_open().where(IntentRow.merchant_id.in_(merchants)))
        return {(row.account, row.order_key) for row in rows}


def _intent(row: IntentRow) -> Intent:
    return Intent(
        id=row.id,
        kind=StepKind(row.kind),
        order_key=row.order_key,
        begun_at=row.begun_at,
        run_id=row.run_id,
        heard=Heard(row.heard) if row.heard else None,
        heard_at=row.heard_at,
        missing_since=row.missing_since,
        alike=int(row.sent.get(ALIKE, "1")),
        shop=row.sent.get("shop"),
    )


def _on_same_list(account: AccountKey, kind: StepKind) -> Select[IntentRow]:
    """A platform lists the orders of one account; the back office lists what all accounts of a merchant have sent."""
    query = select(IntentRow).where(IntentRow.merchant_id == account.merchant_id, IntentRow.kind == kind.value)
    return query.where(IntentRow.is_of(account)) if kind is StepKind.CONFIRM else query


def _open() -> Select[IntentRow]:
    steps = [kind.value for kind in StepKind]
    return select(IntentRow).where(IntentRow.result.is_(None), IntentRow.kind.in_(steps))
