"""The ledger (台账): the one door to the database."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Self

from filelock import FileLock
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.doubt import Experience, Heard
from agent.domain.merchants import Merchant, Registration
from agent.domain.orders import Filing, Order
from agent.domain.report import AccountReport, StepKind, StepResult
from agent.domain.schedule import DueReason, Next
from agent.ledger import (
    authorizations,
    challenges,
    filings,
    intents,
    leases,
    merchants,
    orders,
    overview,
    refused,
    registration,
    runs,
    schedule,
    sessions,
    told,
    ways,
)
from agent.ledger.engine import FILE, open_engine, unusable, writing
from agent.ledger.errors import IntentAlreadyOpen
from agent.ledger.history import keep_history
from agent.ledger.migrate import migrate
from agent.ledger.reseal import reseal
from agent.ledger.values import (
    AccountHistory,
    AccountRunEnd,
    Asked,
    Authorization,
    BegunAuthorization,
    Bookmark,
    CarriedSession,
    ImportCounts,
    Intent,
    KeptSession,
    KnownChallenge,
    KnownOrder,
    KnownSession,
    KnownWay,
    LastRun,
    Lease,
    Limits,
    Picture,
    Planned,
    RefusedLogin,
    Refusing,
    Registered,
    Streak,
)
from agent.ledger.work import UnitOfWork
from agent.log import hide
from agent.settings import Settings
from agent.vault import Vault, make_private

# However many there are: what is read at once is small, and no transaction is long.
_MERCHANTS_AT_ONCE = 200
_ENDS_AT_ONCE = 1000


class Ledger:
    """Each method is one transaction: all of it happens or nothing. Processes may share the database."""

    def __init__(self, engine: Engine, vault: Vault, clock: Callable[[], datetime]) -> None:
        """Takes a migrated database; `open` makes one. `clock` gives aware datetimes."""
        self._engine, self._vault, self._clock = engine, vault, clock

    @classmethod
    def open(cls, settings: Settings, clock: Callable[[], datetime]) -> Self:
        """Opens the ledger of `settings`, and makes data directory, database and key where they are missing.

        Raises UsageError where one of them cannot be used, above all where the key does not fit the sealed values.
        """
        folder = make_private(settings.data_dir)
        place = "of database_url" if settings.database_url else str(folder / FILE)
        engine = None
        try:
            # Switching a new file to WAL and migrating it cannot wait for others as transactions do.
            with FileLock(folder / ".ledger.lock", mode=0o600):
                engine = open_engine(folder, settings.database_url)
                migrate(engine)
            return cls(engine, _fitting_vault(engine, settings, clock), clock)
        except (DBAPIError, OSError) as error:
            raise unusable(place, error) from None  # the cause may repeat the URL with its password
        finally:
            if engine is not None:
                engine.dispose()  # so that a failure leaves nothing open; a success connects anew

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def save_merchants(self, listed: Sequence[Merchant]) -> ImportCounts:
        """Adds or updates merchants and accounts. What they do not mention stays as it was."""
        with self._writing() as work:
            for merchant in listed:
                refused.forget(work, merchant.id)
            return merchants.save(work, listed)

    def merchants(self, ids: Collection[str] = ()) -> list[Merchant]:
        """The merchants with these ids, or all, by id; their accounts by platform.

        From here on the log masks their secrets.
        """
        with self._reading() as work:
            found = merchants.find(work, ids)
        for merchant in found:
            hide(*merchant.secrets())
        return found

    def registered(self, of: Collection[str] | None = None) -> list[Registered]:
        """All merchants, or these, by id; without their secrets."""
        with self._reading() as work:
            return merchants.registered(work, of)

    def merchant_ids(self) -> list[str]:
        """Those of all merchants, in order."""
        with self._reading() as work:
            return merchants.ids(work)

    def change_merchant(self, merchant: Merchant, of: AccountKey | str, cleared: Collection[str]) -> None:
        """Save a merchant of which single fields were changed, and forget those that are `cleared`, of it or `of`."""
        with self._writing() as work:
            refused.forget(work, merchant.id)
            merchants.save(work, [merchant])
            merchants.clear(work, of, cleared)

    def set_state(self, of: AccountKey | str, state: Registration) -> bool:
        """Pause or resume an account, or a merchant by its id. Return False if it is not registered."""
        with self._writing() as work:
            return registration.set_state(work, of, state)

    def remove(self, of: AccountKey | str) -> bool:
        """Erase the secrets of an account or a merchant; what is known of its money stays. False if unknown."""
        with self._writing() as work:
            return registration.remove(work, of)

    def erase(self, merchant_id: str) -> bool:
        """Delete a merchant with all that is known of it. Return False if it is not registered."""
        with self._writing() as work:
            return registration.erase(work, merchant_id)

    def name_shop(self, account: AccountKey, shop: str) -> None:
        """Registers which shop a registered account opens."""
        with self._writing() as work:
            merchants.name_shop(work, account, shop)

    def ways(self, site: str, edition: str, login_url: str) -> dict[str, KnownWay]:
        """The ways to the pages of a site that were found from that log-in page."""
        with self._reading() as work:
            return ways.known(work, site, edition, login_url)

    def keep_ways(self, site: str, edition: str, login_url: str, found: Mapping[str, KnownWay]) -> None:
        """Keep the ways that were found, in the place of those known before."""
        with self._writing() as work:
            ways.keep(work, site, edition, login_url, found)

    def reseal(self) -> int:
        """Seals every secret anew with the vault's first key, all or none, and gives their number."""
        with self._writing() as work:
            return reseal(work)

    def standing(self, account: AccountKey) -> AccountHistory:
        """What earlier looks at a registered account have left."""
        with self._reading() as work:
            return schedule.standing(work, account)

    def planned(self, account: AccountKey) -> Planned:
        """When a registered account is looked at next, and why then."""
        with self._reading() as work:
            return schedule.planned(work, account)

    def plan_next(self, account: AccountKey, found: AccountHistory, following: Next) -> None:
        """Keeps what a look at an account has left, and when the next one is."""
        with self._writing() as work:
            schedule.plan(work, account, found, following)

    def look_at_once(self, of: AccountKey | str) -> None:
        """An account, or all of a merchant's (by its id), is looked at as soon as possible: somebody asked."""
        with self._writing() as work:
            schedule.at_once(work, of, DueReason.ASKED)

    def due(self, most: int, limits: Limits) -> list[list[Planned]]:
        """The accounts of at most `most` merchants that are due, and that may be begun with now. See schedule.due()."""
        with self._reading() as work:
            return schedule.due(work, most, limits)

    def schedule(self) -> list[Planned]:
        """When each account is looked at next, the next first."""
        with self._reading() as work:
            return schedule.listed(work)

    def overdue(self, since: datetime) -> int:
        """How many accounts were due before `since` already."""
        with self._reading() as work:
            return schedule.overdue(work, since)

    def take_lease(self, name: str, holder: str, place: str) -> Lease | None:
        """The right to do something alone; None while another has it. See leases.take()."""
        with self._writing() as work:
            return leases.take(work, name, holder, place)

    def take_account(
        self, account: AccountKey, *, holder: str, place: str, limits: Limits | None = None
    ) -> Lease | None:
        """The right to work alone on a merchant; None while another has it, and where `limits` are reached."""
        with self._writing() as work:
            return leases.take_account(work, account, holder=holder, place=place, limits=limits)

    def renew_lease(self, lease: Lease) -> bool:
        """Keeps a lease for another 15 seconds; false where another has it by now."""
        with self._writing() as work:
            return leases.renew(work, lease)

    def release_lease(self, lease: Lease) -> None:
        """Gives a lease back."""
        with self._writing() as work:
            leases.release(work, lease)

    def start_run(self, dry_run: bool, started_by: str) -> str:
        """A new run's id, which sorts by time."""
        with self._writing() as work:
            return runs.start(work, started_by, dry_run=dry_run)

    def finish_run(self, run_id: str) -> None:
        """Notes the end of a run. Raises LookupError for an unknown one."""
        with self._writing(run_id) as work:
            runs.finish(work, run_id)

    def record_account(self, run_id: str, report: AccountReport) -> None:
        """Keeps how the run ended for one account, with every action."""
        with self._writing(run_id) as work:
            runs.record(work, run_id, report)

    def save_orders(
        self, account: AccountKey, listed: Sequence[Order], run_id: str, *, lease: Lease | None = None
    ) -> None:
        """Adds or updates the orders that the platform's list showed, all of them at once.

        Raises LeaseLost where `lease` is another's by now, whose look is newer.
        """
        with self._writing(run_id, lease) as work:
            orders.save(work, account, listed)

    def last_listed(self, account: AccountKey) -> list[Order]:
        """The orders that the last look at an account found, as it found them."""
        with self._reading() as work:
            return orders.last_listed(work, account)

    def save_filings(
        self, merchant_id: str, listed: Sequence[Filing], run_id: str, *, lease: Lease | None = None
    ) -> None:
        """Adds or updates the filings that the back office showed, all of them at once. Raises LeaseLost likewise."""
        with self._writing(run_id, lease) as work:
            filings.save(work, merchant_id, listed)

    def filings_seen(self, merchant_id: str) -> list[Filing]:
        """All that the back office ever listed for a merchant, as it was seen last."""
        with self._reading() as work:
            return filings.seen(work, merchant_id)

    def begin(
        self,
        run_id: str,
        account: AccountKey,
        kind: StepKind,
        order_key: str,
        sent: dict[str, str],
        *,
        lease: Lease | None = None,
    ) -> int:
        """Commits that a step is about to be taken, and gives the intent's id. Secrets in `sent` are masked.

        Raises LeaseLost where `lease` is another's by now, and IntentAlreadyOpen where the same step was begun before,
        by whomever, and not closed.
        """
        try:
            with self._writing(run_id, lease) as work:
                return intents.begin(work, account, kind, order_key, sent)
        except IntegrityError as error:
            if any(i.order_key == order_key for i in self.open_intents(account)):
                raise IntentAlreadyOpen(account, kind, order_key) from error
            raise

    def close_intent(self, intent_id: int, result: StepResult, said: str | None, *, lease: Lease | None = None) -> None:
        """Closes an open intent: done, already, or failed (it positively did not happen). Secrets in `said` are masked.

        Raises IntentNotOpen where it is not open, LeaseLost where `lease` is another's by now, and ValueError for any
        other result.
        """
        with self._writing(lease=lease) as work:
            intents.close(work, intent_id, result, said)

    def open_intents(self, account: AccountKey) -> list[Intent]:
        """The intents of one account that were begun and not closed, oldest first."""
        with self._reading() as work:
            return intents.open_of(work, account)

    def hear(
        self, intent_id: int, heard: Heard, *, wire_agrees: bool | None = None, lease: Lease | None = None
    ) -> None:
        """Keeps what the site answered to an open step, and whether what was sent is what was planned (None: unknown).

        Raises IntentNotOpen if it is not open, and LeaseLost if `lease` is another's by now.
        """
        with self._writing(lease=lease) as work:
            intents.hear(work, intent_id, heard, wire_agrees)

    def miss(self, intent_ids: Collection[int], *, lease: Lease | None = None) -> None:
        """Keeps that a look showed these open steps as not done. Raises LeaseLost likewise."""
        if not intent_ids:
            return
        with self._writing(lease=lease) as work:
            intents.miss(work, intent_ids)

    def experience(self, account: AccountKey, kind: StepKind) -> Experience:
        """How soon the list that shows an account's steps of that kind has shown them."""
        with self._reading() as work:
            return intents.experience(work, account, kind)

    def happened(self, account: AccountKey) -> set[tuple[StepKind, str]]:
        """The kind and the order of every step of an account that is known to have happened."""
        with self._reading() as work:
            return intents.happened(work, account)

    def filings_before(self, merchant_id: str, moment: datetime) -> list[Filing]:
        """What the back office listed for a merchant before `moment` (aware), as it was seen last."""
        with self._reading() as work:
            return filings.seen_before(work, merchant_id, moment)

    def add_evidence(self, intent_id: int | None, run_id: str, picture: Picture) -> None:
        """Keeps where a picture is; of the page's address without its query."""
        with self._writing(run_id) as work:
            runs.add_evidence(work, intent_id, picture)

    def note_authorization(self, run_id: str, account: AccountKey, until: date) -> None:
        """Keeps until when the platform lets the ERP in, as its page says now."""
        with self._writing(run_id) as work:
            authorizations.note(work, account, until)

    def authorizations(self, of: Collection[str] | None = None) -> list[Authorization]:
        """Until when the ERP is let in, where a page has said so: for all merchants, or these; by them and platform."""
        with self._reading() as work:
            return authorizations.known(work, of)

    def begin_authorization(
        self, run_id: str, account: AccountKey, until: date | None, sent: dict[str, str], lease: Lease | None = None
    ) -> int:
        """Commits that 确认授权 is about to be pressed; `until` is the end before it. close_intent() ends it.

        Raises LeaseLost where `lease` is another's by now.
        """
        told = sent | ({authorizations.BEFORE: until.isoformat()} if until else {})
        with self._writing(run_id, lease) as work:
            return intents.open_one(work, account, authorizations.KIND, authorizations.KIND, told)

    def begun_authorization(self, account: AccountKey) -> BegunAuthorization | None:
        """The press that was begun for an account and not closed."""
        with self._reading() as work:
            return authorizations.begun(work, account)

    def session(self, account: AccountKey) -> KeptSession | None:
        """The session of a merchant on a site that is thought to be alive."""
        with self._reading() as work:
            return sessions.find(work, account)

    def has_kept_session(self, account: AccountKey) -> bool:
        """True where a session of the merchant on the site was ever kept, alive or not."""
        with self._reading() as work:
            return sessions.ever(work, account)

    def keep_session(
        self,
        run_id: str | None,
        account: AccountKey,
        state: SecretStr,
        renewed: int | None,
        *,
        lease: Lease | None = None,
    ) -> int:
        """Keeps, sealed, a session that was seen logged in just now, and gives its id.

        `renewed` is the id of the kept one that it goes on from; without one it is new, and takes the place of the old.
        What a person was asked for that site is settled with it. Raises LeaseLost where `lease` is another's by now.
        """
        with self._writing(run_id, lease) as work:
            challenges.end(work, account)
            refused.forget(work, account)
            return sessions.keep(work, account, state, renewed)

    def carry_sessions(self) -> list[CarriedSession]:
        """The sessions that are thought to be alive, with what opens them."""
        with self._reading() as work:
            return sessions.carry(work)

    def take_in_sessions(self, carried: Sequence[CarriedSession]) -> list[CarriedSession]:
        """Keeps sessions of another machine, all in one transaction, and gives those that were taken.

        Not taken is one of a merchant who is not known here, and one for which a newer is kept.
        """
        with self._writing() as work:
            return [each for each in carried if sessions.take_in(work, each)]

    def lapse_session(self, session_id: int) -> None:
        """Ends a session that was found dead, and forgets what opened it."""
        with self._writing() as work:
            sessions.lapse(work, session_id)

    def sessions(self, of: Collection[str] | None = None) -> list[KnownSession]:
        """The sessions of all merchants, or of these, that are thought to be alive, by merchant and site."""
        with self._reading() as work:
            return sessions.known(work, of)

    def note_refused(self, account: AccountKey, login: RefusedLogin) -> None:
        """Keeps that a site refused a log-in. Secrets in its sentence are masked."""
        with self._writing() as work:
            refused.note(work, account, login)

    def refused(self, mark: SecretStr) -> RefusedLogin | None:
        """The refusal of a log-in, by its mark, unless somebody got in or the merchant was imported since."""
        with self._reading() as work:
            return refused.find(work, mark)

    def pending_login(self, account: AccountKey, mark: SecretStr) -> RefusedLogin | None:
        """What is kept of a merchant's log-in, by its mark, that was sent and neither refused nor let in."""
        with self._reading() as work:
            return refused.pending(work, account, mark)

    def forget_refused(self, account: AccountKey) -> None:
        """Forgets what became of a merchant's log-in: the site had an answer that is no refusal."""
        with self._writing() as work:
            refused.forget(work, account)

    def ask(self, run_id: str | None, asked: Asked) -> int:
        """Leaves a question for a person, in the place of the one that waits for that merchant and site; its id."""
        with self._writing(run_id) as work:
            return challenges.ask(work, asked)

    def challenges(self) -> list[KnownChallenge]:
        """What waits for a person, oldest first."""
        with self._reading() as work:
            return challenges.waiting(work)

    def challenge(self, challenge_id: int) -> KnownChallenge | None:
        """One that waits for a person, by its id."""
        with self._reading() as work:
            return challenges.find(work, challenge_id)

    def challenge_of(self, account: AccountKey) -> KnownChallenge | None:
        """The one that waits for that merchant and site."""
        with self._reading() as work:
            return challenges.open_of(work, account)

    def answer(self, challenge_id: int, code: SecretStr) -> bool:
        """Leaves a person's answer, sealed, for whoever logs in next; false where nobody waits for one any more."""
        with self._writing() as work:
            return challenges.answer(work, challenge_id, code)

    def take_answer(self, account: AccountKey, kind: ChallengeKind, no_older_than: timedelta) -> SecretStr | None:
        """The answer that was left to a question of that kind, given out once; None without a fresh one."""
        with self._writing() as work:
            return challenges.take_answer(work, account, kind, no_older_than)

    def let_go(self, challenge_id: int) -> None:
        """Notes that no open page waits for the answer any more."""
        with self._writing() as work:
            challenges.let_go(work, challenge_id)

    def untold(self, channel: str, keys: Collection[str]) -> set[str]:
        """Those of `keys` that a channel was not told yet."""
        with self._reading() as work:
            return told.untold(work, channel, keys)

    def note_told(self, channel: str, keys: Collection[str]) -> None:
        """Notes that a channel took the notices with these keys."""
        with self._writing() as work:
            told.note(work, channel, keys)

    def note_channel_failed(self, channel: str) -> None:
        """Notes that a channel took no message."""
        with self._writing() as work:
            told.note_failed(work, channel)

    def channel_refusing(self, channel: str) -> Refusing | None:
        """How a channel stands that took no message when it was last tried; None for one that works."""
        with self._reading() as work:
            return told.refusing(work, channel)

    def bookmark(self, channel: str, newest: int) -> Bookmark:
        """How far the news were looked through for a channel; a new one's lies at the outcome `newest`."""
        with self._writing() as work:
            return told.bookmark(work, channel, newest)

    def put_bookmark(self, channel: str, bookmark: Bookmark) -> None:
        """Keeps how far the news were looked through for a channel."""
        with self._writing() as work:
            told.put_bookmark(work, channel, bookmark)

    def last_outcome(self) -> int:
        """The id of the account's end that was recorded last; 0 before the first."""
        with self._reading() as work:
            return told.last_outcome(work)

    def looked_at(self, since: int, until: int, most: int) -> tuple[int, set[str]]:
        """Whose accounts the next `most` outcomes after the id `since` are of, up to `until`; and the last one's id."""
        with self._reading() as work:
            return told.looked_at(work, since, until, most)

    def streaks(self, of: Collection[str]) -> list[Streak]:
        """The accounts of these merchants whose newest runs failed, and how many in a row; dry runs do not count."""
        with self._reading() as work:
            return told.streaks(work, of)

    def last_runs(self) -> list[LastRun]:
        """How the newest run ended for each account, by merchant and platform."""
        with self._reading() as work:
            return runs.latest(work)

    def account_runs(self) -> Iterator[AccountRunEnd]:
        """How every run ended for every account, oldest first; some of them a transaction."""
        after = 0
        while True:
            with self._reading() as work:
                found = runs.ended(work, after, _ENDS_AT_ONCE)
            yield from (end for _, end in found)
            if len(found) < _ENDS_AT_ONCE:
                return
            after = found[-1][0]

    def refund_waits(self, account: AccountKey) -> dict[str, date]:
        """By order number the day on which the back office last said that a request is too early."""
        with self._reading() as work:
            return filings.waits(work, account)

    def note_too_early(self, account: AccountKey, order_no: str, said: str, *, lease: Lease | None = None) -> None:
        """Keeps that the back office refused the request today (Asia/Shanghai). Secrets in `said` are masked.

        Raises LeaseLost where `lease` is another's by now.
        """
        with self._writing(lease=lease) as work:
            filings.note_too_early(work, account, order_no, said)

    def known_orders(
        self,
        due_on: overview.DueOn = overview.never_published,
        direct: overview.Direct = overview.everyone_files,
        *,
        of: Collection[str] | None = None,
    ) -> Iterator[KnownOrder]:
        """Every order of all merchants, or of these, by merchant, platform and time; some merchants a transaction.

        `due_on` gives the day from which a refund may be requested; without it the back office's offer alone decides.
        `direct` tells which editions apply for it without a filing.
        """
        ids = self.merchant_ids() if of is None else sorted({*of})
        for start in range(0, len(ids), _MERCHANTS_AT_ONCE):
            with self._reading() as work:
                known = overview.known_orders(work, due_on, direct, ids[start : start + _MERCHANTS_AT_ONCE])
            yield from known

    def last_order_seen_at(self) -> datetime | None:
        """When an order was last read on a platform's list (Asia/Shanghai)."""
        with self._reading() as work:
            return orders.last_seen_at(work)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A transaction for the repositories' functions that read."""
        with self._reading() as work:
            yield work

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """A transaction for the repositories' functions that write: all of it happens or nothing."""
        with self._writing() as work:
            yield work

    @contextmanager
    def _writing(self, run_id: str | None = None, lease: Lease | None = None) -> Iterator[UnitOfWork]:
        with Session(writing(self._engine)) as session, session.begin():
            session.connection()  # waits for whoever writes, so that the moment below is the transaction's own
            keep_history(session, self._clock, run_id)
            work = UnitOfWork(session, self._vault, self._clock(), run_id)
            if lease is not None:
                leases.check(work, lease)
            yield work

    @contextmanager
    def _reading(self) -> Iterator[UnitOfWork]:
        with Session(self._engine) as session:
            yield UnitOfWork(session, self._vault, self._clock())


def _fitting_vault(engine: Engine, settings: Settings, clock: Callable[[], datetime]) -> Vault:
    """The vault, once it has opened what is sealed. A wrong key must show now, and not in the middle of a run."""
    with Session(engine) as session:
        sealed = merchants.any_id(session)
        vault = Vault.of(settings, sealed_before=sealed is not None)
        if sealed is not None:
            merchants.find(UnitOfWork(session, vault, clock()), [sealed])
    return vault
