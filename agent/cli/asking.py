"""Asks whoever sits at the terminal for what a site wants from a person."""

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from agent.cli.language import pick, say
from agent.cli.session import complain

if TYPE_CHECKING:
    from agent.ledger import KnownChallenge, Ledger
    from agent.pages.actions.qr import QrCode


def asker(ledger: "Ledger") -> "Callable[[KnownChallenge], None]":
    """Tell of each question, and take a code that is typed at a terminal.

    The answer goes through the ledger as everyone's does: whoever answers first, here or elsewhere, has answered.
    """

    asked: list[int] = []

    def ask(challenge: "KnownChallenge") -> None:
        if not challenge.kind.typed:
            return  # what is drawn, or said on a phone, is told where it is
        text = f"{challenge.message} — " if challenge.message else ""
        wanted = say(challenge.kind.text)
        cure = f"fankuan answer {challenge.id} CODE"
        complain(
            pick(
                f"{challenge.account}: {text}{wanted}. Type it here, or elsewhere: {cure}",
                f"{challenge.account}：{text}{wanted}。请在此输入，或在别处运行：{cure}",
            )
        )
        asked.append(challenge.id)
        if sys.stdin.isatty() and len(asked) == 1:
            # A thread of its own: nobody may ever press a key, and that must not keep the process from ending.
            threading.Thread(target=_read, args=(ledger, asked), daemon=True).start()

    return ask


def _read(ledger: "Ledger", asked: list[int]) -> None:
    """Give each line that is typed to the question that was asked last."""
    from pydantic import SecretStr

    for line in sys.stdin:
        if typed := line.strip():
            with ledger.begin() as tx:
                tx.challenges.answer(asked[-1], SecretStr(typed))


def draw(code: "QrCode") -> None:
    """The code in the terminal, with its own pixels, to be scanned from there."""
    import segno

    typer.echo("", err=True)
    segno.make(code.payload, error="l").terminal(out=sys.stderr, compact=True, border=2)
    complain(pick("Scan this with the platform's app.", "请用平台的 App 扫描此二维码。"))


def tell_scanned() -> None:
    """The person has to say yes on the phone now."""
    complain(pick("Scanned. Confirm it on the phone.", "已扫码，请在手机上确认登录。"))
