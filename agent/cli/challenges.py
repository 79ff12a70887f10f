"""`fankuan challenges` and `fankuan answer`: what waits for a person, and the person's answer."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note
from agent.cli.language import pick, say
from agent.cli.session import Json, complain, now, open_ledger, plain, print_json, settings_of, start_log

if TYPE_CHECKING:
    from agent.ledger import KnownChallenge, Ledger
    from agent.settings import Settings

_TAKEN_WITHIN, _LOOK_EVERY = 15.0, 0.3


def challenges(context: typer.Context, as_json: Json = False) -> None:
    """What the sites want from a person, oldest first, with the deadline and a picture of each."""
    from agent.ledger import documents

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.read() as tx:
        waiting = tx.challenges.waiting()
    if as_json:
        print_json({"challenges": [documents.challenge(each, now()) for each in waiting]})
    elif waiting:
        _show(waiting, settings)
    else:
        typer.echo(pick("Nothing waits for a person.", "没有待人工处理的验证。"))


def answer(
    context: typer.Context,
    *,
    challenge_id: Annotated[
        int, typer.Argument(metavar="ID", help=pick("The challenge's number.", "验证的编号，见 fankuan challenges。"))
    ],
    code: Annotated[
        str | None, typer.Argument(help=pick("The code that was sent.", "收到的验证码；扫码等方式不填。"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer a challenge; the account's sync follows by itself. For a choice of shops the code is the shop's name.

    Where no page waits for the code any more, the log-in is opened again and the code typed there. Without a code it is
    opened, too: a new code is sent and asked for, a QR code is drawn, or a window shown, as the site wants it.
    """
    from agent.cli.sync import follow_up
    from agent.domain.challenges import ChallengeKind
    from agent.flows.session.session_store import BACK_OFFICE

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        asked = _found(ledger, challenge_id)
        shop = {"shop": code.strip()} if code is not None and asked.kind is ChallengeKind.SHOP else {}
        note(ledger, "answer", str(asked.account), kind=asked.kind.value, **shop)
        if code is not None and asked.kind is ChallengeKind.SHOP:
            with ledger.begin() as tx:
                tx.merchants.name_shop(asked.account, code.strip())
        elif code is not None:
            _check_needs_code(asked)
            if not _is_over(asked) and _handed_over(ledger, asked, code):
                complain(pick("Given to the log-in that waits for it.", "已交给正在等待的登录。"))
                if as_json:
                    print_json({"challenge": asked.id, "handed_over": True})
                return
        by_itself = asked.kind.typed or asked.kind in (ChallengeKind.APPROVAL, ChallengeKind.SHOP)
        if not by_itself:
            _log_in(settings, ledger, asked, as_json=as_json)
    # The back office is every platform's: what waited for it are all accounts of the merchant.
    of = asked.account.merchant_id if asked.account.platform == BACK_OFFICE else asked.account
    follow_up(settings, of, as_json=as_json)


def _found(ledger: "Ledger", challenge_id: int) -> "KnownChallenge":
    from agent.domain.errors import UsageError
    from agent.domain.text import Text

    with ledger.read() as tx:
        asked = tx.challenges.find(challenge_id)
    if asked is None:
        with ledger.read() as tx:
            listed = ", ".join(str(each.id) for each in tx.challenges.waiting()) or "-"
        raise UsageError(
            Text(f"No challenge {challenge_id} waits for an answer.", f"没有待处理的验证 {challenge_id}。"),
            Text(f"Waiting: {listed}.", f"待处理：{listed}。"),
        )
    return asked


def _check_needs_code(asked: "KnownChallenge") -> None:
    from agent.domain.errors import UsageError
    from agent.domain.text import Text

    if not asked.kind.typed:
        raise UsageError(
            Text(f"Challenge {asked.id} is answered without a code:", f"验证 {asked.id} 无需填写验证码："),
            Text(f"fankuan answer {asked.id}", f"fankuan answer {asked.id}"),
        )


def _is_over(asked: "KnownChallenge") -> bool:
    """True if the code was of use until a moment that has passed, which is told."""
    if asked.deadline is None or now() < asked.deadline:
        return False
    until = f"{asked.deadline:%H:%M}"
    complain(
        pick(
            f"That code was good until {until} and is not typed. The log-in is opened, and a new one sent.",
            f"该验证码有效期至 {until}，已过期，不会填写。将重新登录并发送新的验证码。",
        )
    )
    return True


def _handed_over(ledger: "Ledger", asked: "KnownChallenge", code: str) -> bool:
    """Leave the code; true if an open page has taken it."""
    from pydantic import SecretStr

    with ledger.begin() as tx:
        tx.challenges.answer(asked.id, SecretStr(code))
    deadline = time.monotonic() + (_TAKEN_WITHIN if asked.held_until and now() < asked.held_until else 0)
    while time.monotonic() < deadline:
        with ledger.read() as tx:
            waiting = tx.challenges.find(asked.id)
        if waiting is None or not waiting.answered:
            return True
        time.sleep(_LOOK_EVERY)
    return False


def _log_in(settings: "Settings", ledger: "Ledger", asked: "KnownChallenge", *, as_json: bool) -> None:
    """Let the person log in, by a window or by a code to scan. Ends the command where that did not come about."""
    from agent.cli.login import log_in, told
    from agent.domain.challenges import ChallengeKind
    from agent.domain.reasons import LOOK, explain

    qr = asked.kind is ChallengeKind.QR
    report = log_in(settings, ledger, asked.account, qr=qr, window=not qr)
    told(report, follows=True)
    if report.exit_status:
        if as_json and (why := explain(report)):
            cure = plain(why.cure or LOOK)
            print_json({"error": {"reason": report.reason, "message": plain(why.message), "cure": cure}})
        raise typer.Exit(report.exit_status)


def _show(waiting: "Sequence[KnownChallenge]", settings: "Settings") -> None:
    """A line for each with its number, what the site said, and the picture: a path is never broken."""
    from agent.cli.screen import answers, line
    from agent.cli.words import account_name, titles_of

    titles = titles_of(settings)
    console = answers()
    for each in waiting:
        until = f"{each.deadline:%m-%d %H:%M}" if each.deadline else ""
        deadline = pick(f" · until {until}", f" · 截止 {until}") if until else ""
        line(console, f"{each.id}  {account_name(each.account, titles)}  {say(each.kind.text)}{deadline}", "bold")
        for more in (each.message, each.picture):
            if more:
                line(console, f"   {more}")
    typer.echo(pick("Answer with: fankuan answer ID [CODE]", "处理方法：fankuan answer 编号 [验证码]"))
