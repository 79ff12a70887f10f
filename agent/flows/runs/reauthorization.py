"""The work on one account's page for consent: what was begun is settled, the button pressed, and the end looked at."""

import asyncio
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, Outcome
from agent.domain.merchants import Account
from agent.domain.page_errors import DialogDeclined, PaymentAsked
from agent.domain.report import AuthorizationReport, StepResult
from agent.domain.text import Text, fold
from agent.evidence.recorder import Evidence
from agent.flows.runs.failure_notes import Wanted, failure_note
from agent.flows.runs.grace import let_settle
from agent.flows.runs.open_site import OpenSite
from agent.flows.steps.attempt import OpenStep, StepAttempt
from agent.flows.steps.consent_page import ConsentPage
from agent.ledger import Lease, Ledger, lease_of
from agent.pages import message_words
from agent.pages.actions.answer import Answer
from agent.pages.actions.press import ConfirmedClick
from agent.pages.inference.consent import Consent, consent_in
from agent.pages.inference.dialogs import AUTHORIZE, Matter
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.login_boxes import password_field
from agent.pages.live.page import LivePage

_LOOK_EVERY = 0.5
_KIND = "authorize"
_CONSENT_PAGE = Text("the page for consent", "授权页面")


class Consenting(StrEnum):
    """Who presses the button: nobody, this program, or a person in the window."""

    NOBODY = "nobody"
    PROGRAM = "program"
    PERSON = "person"


@dataclass(slots=True)
class Reauthorization:
    """The work on one account's page for consent."""

    opened: OpenSite
    consent_page: ConsentPage
    account: Account
    lease: Lease
    report: AuthorizationReport
    show: Callable[[AuthorizationReport], None]
    pictures: list[str] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        return self.opened.run.ledger

    @property
    def evidence(self) -> Evidence:
        return self.opened.evidence

    @property
    def page(self) -> LivePage:
        return self.opened.page

    async def guarded(self, by: Consenting) -> None:
        """Do the work; if it ends in trouble there is a picture of it, too."""
        try:
            await self._work(by)
        except AccountError as error:
            note = await failure_note(self.page, error, self._aim())
            self.pictures += await self.evidence.take_failure(self.page, note)
            raise
        finally:
            self.report.evidence = tuple(self.pictures)

    def _aim(self) -> Wanted:
        key = self.account.key
        command = f"fankuan reauthorize {shlex.quote(key.local)} --merchant {shlex.quote(key.merchant_id)} --headed"
        return Wanted(key, _CONSENT_PAGE, ORDERS, (), command, self.opened.run.clock())

    async def _work(self, by: Consenting) -> None:
        await self._grace()
        consent = await self._read()
        self._settle_what_was_begun(consent)
        self._tell(consent)
        if by is Consenting.PROGRAM:
            await self._press(consent)
        elif by is Consenting.PERSON:
            await self._wait_for_person(consent)

    async def _grace(self) -> None:
        with self.ledger.read() as tx:
            begun = tx.authorizations.begun(self.account.key)
        if begun is not None:
            await let_settle(begun.begun_at, self.opened.run.clock())

    # reading

    async def _read(self) -> Consent:
        """What the page says now, loaded anew and checked; the end of the authorisation is kept."""
        consent = await self.consent_page.read()
        if consent.until is not None:
            with self.ledger.begin(on=lease_of(self.account.key.merchant_id), run_id=self.evidence.run_id) as tx:
                tx.authorizations.note(self.account.key, consent.until)
            self.report.until = consent.until
        return consent

    def _tell(self, consent: Consent) -> None:
        report = self.report
        report.application, report.shop = consent.application, consent.shop
        report.permissions, report.terms = consent.permissions, consent.terms
        report.before = consent.until
        self.show(report)

    def _settle_what_was_begun(self, consent: Consent) -> None:
        """Close what an earlier call had begun, by what the page says now."""
        with self.ledger.read() as tx:
            begun = tx.authorizations.begun(self.account.key)
        if begun is None or consent.until is None:
            return
        if _moved(begun.until, consent.until):
            with self.ledger.begin(self.lease) as tx:
                tx.intents.close(begun.intent_id, StepResult.ALREADY, None)
        else:
            with self.ledger.begin(self.lease) as tx:
                tx.intents.close(begun.intent_id, StepResult.FAILED, "a look showed that it did not happen")

    # pressing

    async def _press(self, consent: Consent) -> None:
        with self.ledger.read() as tx:
            earlier = tx.authorizations.begun(self.account.key)
        if earlier is not None:
            # The page shows no end, so what an earlier call did cannot be told: it is not done again.
            self.report.end(Outcome.UNKNOWN, "unknown", _IN_DOUBT)
            return
        self.consent_page.check_application(consent)
        ready = await self.consent_page.ticked(consent)
        begun = await self._begin(ready)
        self.report.pressed = True
        try:
            answer = await self._clicked(begun, ready)
        except DialogDeclined as declined:
            reason = PaymentAsked.reason if declined.missing is _MONEY else declined.reason
            self._fail(begun.without_effect(str(declined.missing)), reason, explained(declined).text)
            return
        await self._verify(begun.clicked(answer), answer)

    async def _begin(self, ready: Consent) -> OpenStep:
        """Commit the intent and picture the page: only the click is left."""
        name = self.evidence.next_step(_KIND, self.account.key.platform)
        sent = {
            "application": ready.application or "",
            "shop": ready.shop or self.account.shop or "",
            "permissions": "; ".join(ready.permissions),
            "terms": "; ".join(ready.terms),
        }
        with self.ledger.begin(self.lease, run_id=self.evidence.run_id) as tx:
            intent = tx.authorizations.begin(self.account.key, ready.until, sent)
        begun = OpenStep(intent, name, sent, self.pictures)
        await self._picture(name, "before", intent)
        return begun

    async def _picture(self, name: str, role: str, intent: int | None) -> None:
        self.pictures.append(await self.evidence.take(self.page, name, role, intent))

    async def _clicked(self, begun: OpenStep, ready: Consent) -> Answer:
        if ready.button is None:
            raise AssertionError("what is ready has a button")

        async def asked(role: str) -> None:
            await self._picture(begun.name, role, begun.intent_id)

        when = self.opened.run.clock()
        known = {ready.application, ready.shop, self.account.shop, *ready.permissions}
        matter = Matter(AUTHORIZE, names=frozenset(n for n in known if n), day=ready.until)
        press = ConfirmedClick(self.page, ORDERS, None, asked, matter, _money_in)
        answer = await press.click(ready.part, ready.button)
        await self._picture(begun.name, "after", begun.intent_id)
        await self.evidence.record(begun.name, when, begun.sent, answer, self.pictures)
        return answer

    async def _verify(self, click: StepAttempt, answer: Answer) -> None:
        """Judge by the page, loaded anew; if it shows nothing, nobody knows."""
        accepted = consent_in(answer.snapshot).succeeded and not click.lost
        try:
            now = (await self._read()).until
        except AccountError as error:
            told = explained(error)
            self.report.end(Outcome.UNKNOWN, "unknown", told.message, told.cure)
            return
        before = self.report.before
        if _moved(before, now) or (accepted and now is not None and now == before):
            with self.ledger.begin(self.lease) as tx:
                tx.intents.close(click.intent_id, StepResult.DONE, None)
        elif click.lost or accepted or now != before:
            self.report.end(Outcome.UNKNOWN, "unknown", _IN_DOUBT)
        else:
            self._refused(click, answer)

    def _refused(self, click: StepAttempt, answer: Answer) -> None:
        """The site answered, and its page shows that nothing happened."""
        refusal = click.refused
        if refusal is None and password_field(answer.snapshot) is not None:
            self._fail(click, "session_expired", _LOGGED_OUT)
        elif refusal is None and answer.writes:
            self.report.end(Outcome.UNKNOWN, "unknown", _IN_DOUBT)
        elif refusal is None:
            self._fail(click, "page_changed", _NOTHING_SENT)
        else:
            self._fail(click, "site_unavailable" if click.passing else "refused", Text(refusal, refusal))

    def _fail(self, click: StepAttempt, reason: str, text: Text) -> None:
        with self.ledger.begin(self.lease) as tx:
            tx.intents.close(click.intent_id, StepResult.FAILED, str(text))
        self.report.end(Outcome.FAILED, reason, text)

    # a person in the window

    async def _wait_for_person(self, consent: Consent) -> None:
        """Until the page says that it worked, or shows a later end."""
        name = self.evidence.next_step(f"{_KIND}_by_hand", self.account.key.platform)
        await self._picture(name, "before", None)
        deadline = time.monotonic() + self.opened.run.patience.total_seconds()
        while time.monotonic() < deadline:
            now = consent_in(await self.page.look())
            if (now.succeeded and not consent.succeeded) or _moved(consent.until, now.until, known=True):
                await self._picture(name, "after", None)
                self.report.pressed = True
                await self._read()
                return
            await asyncio.sleep(_LOOK_EVERY)
        self.report.end(Outcome.NEEDS_HUMAN, "not_pressed", _NOT_PRESSED)


def _money_in(text: str) -> Text | None:
    """Why a dialog with such words is not agreed to, whatever else it says."""
    return _MONEY if message_words.ASKS_FOR_MONEY.search(fold(text)) else None


def _moved(before: date | None, now: date | None, *, known: bool = False) -> bool:
    """True if the authorisation runs longer than it did. `known`: only if there was an end before, too."""
    if now is None or (known and before is None):
        return False
    return before is None or now > before


_MONEY = Text("what followed the click asks for money; it was declined", "点击后出现的内容要求付款，已取消")
_IN_DOUBT = Text(
    "It is not known whether the authorisation was renewed: the answer was lost or says nothing, and the page shows no "
    "later end. Run the command again without --yes: it looks.",
    "授权是否已更新尚不清楚：没有收到回应或回应不明，页面上的到期时间也未变。请不带 --yes 再运行一次查看。",
)
_LOGGED_OUT = Text(
    "The site ended the session before the consent arrived. Run it again.", "提交授权前登录已失效，请再运行一次。"
)
_NOTHING_SENT = Text("The button was pressed, but the page sent nothing.", "按钮已点击，但页面没有提交任何内容。")
_NOT_PRESSED = Text("Nobody pressed the button in the window.", "窗口中的授权按钮未被点击。")
