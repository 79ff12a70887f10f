"""What most commands begin with: the settings, the log and the ledger."""

import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.language import choose, pick, say
from agent.domain.errors import UsageError, WordedError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.domain.accounts import AccountKey
    from agent.ledger import Ledger
    from agent.settings import Settings

# The form of what `--json` prints. New fields do not change it.
SCHEMA = 1

Json = Annotated[
    bool, typer.Option("--json", help=pick("Print one JSON document instead of text.", "输出一份 JSON，而不是文字。"))
]
Concurrency = Annotated[
    int, typer.Option(min=1, metavar="N", help=pick("Accounts at the same time.", "同时处理的账号数。"))
]

Accounts = Annotated[
    list[str] | None,
    typer.Option(
        "--account",
        metavar="NAME",
        help=pick("Only this account, such as m1/taobao; may be repeated.", "只处理该账号，如 m1/taobao，可重复。"),
    ),
]


def named(accounts: Sequence[str] | None) -> "list[AccountKey]":
    """The accounts that `--account` names. Raise UsageError for one that is not written like one."""
    return [account_key(name) for name in accounts or ()]


def account_key(name: str) -> "AccountKey":
    """The account that is written `m1/taobao` or `m1/taobao/second`. Raise UsageError for anything else."""
    from agent.domain.accounts import AccountKey

    try:
        return AccountKey.parse(name)
    except ValueError:
        raise UsageError(
            Text(
                f"“{name}” names no account. Write it like m1/taobao, or m1/taobao/second where it has a label.",
                f"“{name}”不是账号。请写成 m1/taobao；有标签的写成 m1/taobao/second。",
            )
        ) from None


def now() -> datetime:
    """The clock of every run: aware, Asia/Shanghai."""
    from agent.domain.orders import SHANGHAI

    return datetime.now(SHANGHAI)


class Interrupted(WordedError):
    """Ctrl-C, SIGTERM, or the end of the input where an answer was asked for. `more` is told with `--json` besides."""

    reason = "interrupted"

    def __init__(self, message: Text | None = None, cure: Text | None = None, **more: str | int) -> None:
        super().__init__(
            message or Text("Interrupted.", "已中断。"),
            cure or Text("Run the command again: it looks before it acts.", "请重新运行该命令，会先查看再操作。"),
        )
        self.more = more


def settings_of(context: typer.Context) -> "Settings":
    """The settings that this call names; nothing is written yet."""
    from agent import log
    from agent.settings import load_settings

    log.on_terminal_only()
    config: Path | None = context.find_root().params.get("config")
    settings = load_settings(config)
    choose(settings.language)
    return settings


def start_log(settings: "Settings") -> Path:
    """Start the log in the data directory; one that cannot be written is a matter of settings."""
    from agent import log
    from agent.vault import make_private

    make_private(settings.data_dir)
    try:
        return log.set_up(settings.data_dir)
    except OSError as error:
        raise UsageError(
            Text(
                f"data_dir {settings.data_dir} cannot be written ({error.strerror}).",
                f"数据目录 {settings.data_dir} 无法写入（{error.strerror}）。",
            ),
            Text("Correct its rights.", "请修正权限。"),
        ) from error


@contextmanager
def open_ledger(settings: "Settings") -> Iterator["Ledger"]:
    """The ledger. What of the settings is secret is masked in the log and in sentences from here on.

    The ledger sees to that for the merchants, when it gives one out: of fifty thousand a command needs a few.
    """
    from agent.ledger import Ledger
    from agent.log import hide

    hide(*(secret for channel in settings.notify for secret in (channel.url, channel.secret)))
    hide(settings.evidence_store.secret_access_key if settings.evidence_store else None)
    ledger = Ledger.open(settings, now)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def ledger_of(context: typer.Context) -> Iterator[tuple["Settings", "Ledger"]]:
    """The settings that this call names and the ledger that they name, with the log begun."""
    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        yield settings, ledger


_answered: list[bool] = []


def has_answered() -> bool:
    """True once `--json` has printed its one document: what goes wrong after that is told on standard error alone."""
    return bool(_answered)


def print_json(document: Mapping[str, Any]) -> None:
    """The one document of `--json`; where standard output cannot carry Chinese, with escapes."""
    _answered[:] = [True]
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    typer.echo(json.dumps({"schema": SCHEMA, **document}, ensure_ascii=not utf8, indent=2))


def plain(text: Text) -> str:
    """The sentence in the reader's language as `--json` has it, without the secrets that are known by then."""
    from agent.log import redact

    return redact(say(text))


def complain(sentence: str) -> None:
    """A sentence for people, on standard error, without the secrets that are known by then."""
    from agent.log import redact

    typer.echo(f"fankuan: {redact(sentence)}", err=True)


def stop_like_ctrl_c() -> None:
    """Let SIGTERM end the work as Ctrl-C does: browsers are closed, what was begun is recorded."""
    if hasattr(signal, "SIGTERM") and os.name != "nt":
        signal.signal(signal.SIGTERM, _press_ctrl_c)


def _press_ctrl_c(*_: object) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a script has started with nohup, or with &
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)
