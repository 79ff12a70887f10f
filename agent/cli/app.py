"""The `fankuan` command: its options, its commands, and how every error ends.

Only what is needed to show the help is imported here; each command imports the rest when it runs.
"""

import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException

from agent import __version__
from agent.cli.backup import backup, restore
from agent.cli.challenges import answer, challenges
from agent.cli.console import console
from agent.cli.demo import demo
from agent.cli.doctor import doctor
from agent.cli.due import due
from agent.cli.evidence import evidence
from agent.cli.explain import explain
from agent.cli.export import export
from agent.cli.fleet import fleet
from agent.cli.language import choose_early, pick, say
from agent.cli.login import login
from agent.cli.merchants import merchants
from agent.cli.migrate import migrate
from agent.cli.move import move_to_postgres
from agent.cli.notify import notify
from agent.cli.orders import orders
from agent.cli.probe import probe
from agent.cli.reauthorize import reauthorize
from agent.cli.reconcile import reconcile
from agent.cli.record import record
from agent.cli.registration import accounts
from agent.cli.replay import replay
from agent.cli.runs import runs
from agent.cli.sandbox import sandbox
from agent.cli.schedule import schedule
from agent.cli.serve import serve, worker
from agent.cli.session import Interrupted, complain, has_answered, plain, print_json, stop_like_ctrl_c
from agent.cli.sessions import sessions
from agent.cli.status import status
from agent.cli.sync import sync
from agent.cli.usage import Commands, shows_help, usage_line, wrong_usage
from agent.cli.users import tokens, users
from agent.cli.vault import vault
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, UsageError, WordedError
from agent.domain.reasons import CORRECT, LOOK
from agent.domain.text import Text

INTERRUPTED = 130

app = Commands(
    name="fankuan",
    help=pick(
        "Claims back the fees that the ERP 网店管家 refunds: confirms orders, files them, requests the money.",
        "帮商家拿回网店管家的接口订购返款：确认订单、平台报备、申请返款，一条命令完成。",
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fankuan {__version__}")
        raise typer.Exit


@app.callback()
def options(
    config: Annotated[
        Path | None,
        typer.Option(envvar="FANKUAN_CONFIG", help=pick("The settings file (TOML).", "设置文件（TOML）。")),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=pick("Print the version.", "显示版本。")),
    ] = False,
) -> None:
    """The options of the whole command; the commands look `config` up in the context."""


app.command(help=pick("Try everything on simulated sites, in a real browser.", "在模拟网站上用真实浏览器演示全过程。"))(
    demo
)
app.add_typer(merchants, name="merchants")
app.add_typer(accounts, name="accounts")
app.command(help=pick("The main job, once: confirm, file, request.", "执行一次主任务：确认、报备、申请返款。"))(sync)
app.command(help=pick("Do the main job on schedule, with the console.", "按计划持续执行，并提供控制台网页。"))(serve)
app.command(help=pick("The operations console alone, until stopped.", "只启动控制台网页，直到停止。"))(console)
app.add_typer(users, name="users")
app.add_typer(tokens, name="tokens")
app.command(help=pick("Help a `serve` that runs elsewhere.", "在本机协助另一台机器上的 serve。"))(worker)
app.command(help=pick("What runs when, and why.", "查看每个账号的下次运行时间与原因。"))(schedule)
app.command(help=pick("Who works on what, and what waits.", "查看各工作进程与等待中的账号。"))(fleet)
app.add_typer(orders, name="orders")
app.add_typer(runs, name="runs")
app.add_typer(export, name="export")
app.command(help=pick("Write the ledger into one file.", "把台账备份为一个文件。"))(backup)
app.command(help=pick("Put a backup into an empty data directory.", "把备份恢复到空的数据目录。"))(restore)
app.command(help=pick("Match a bank's statement to requested refunds.", "用银行对账单核对已申请的返款。"))(reconcile)
app.command(help=pick("Where every merchant stands, and what ends soon.", "查看各商家的总体情况与即将到期的项目。"))(
    status
)
app.command(help=pick("Log in once by hand; the session is kept.", "人工登录一次并保存登录态。"))(login)
app.command(help=pick("What waits for a person.", "查看待人工处理的验证。"))(challenges)
app.command(help=pick("Answer a challenge; its sync follows.", "提交验证码或完成扫码，随后自动同步。"))(answer)
app.add_typer(sessions, name="sessions")
app.command(help=pick("Compare a site with what is declared of it.", "核对网站是否与已知信息一致（只读）。"))(probe)
app.command(help=pick("Keep a site's pages without anything personal.", "录制网站页面，去除个人信息。"))(record)
app.command(help=pick("Read a recording, and compare with what is approved.", "回放录制，与确认的结果比较。"))(replay)
app.add_typer(notify, name="notify")
app.add_typer(evidence, name="evidence")
app.command(help=pick("Look at an authorisation; renew it with --yes.", "查看平台授权；加 --yes 重新授权。"))(
    reauthorize
)
app.add_typer(vault, name="vault")
app.command(help=pick("Bring the ledger to this version's tables.", "把台账升级到当前版本的表结构。"))(migrate)
app.command("move-to-postgres", help=pick("Move the ledger to PostgreSQL.", "把台账迁移到 PostgreSQL。"))(
    move_to_postgres
)
app.command(help=pick("From when a refund may be requested.", "计算最早可申请返款的日期。"))(due)
app.command(help=pick("Which settings teach the words of a page.", "列出可让程序识别页面用词的设置。"))(explain)
app.command(help=pick("Say what is missing or wrong, and how to mend it.", "检查运行环境并给出修复办法。"))(doctor)
app.command(help=pick("Serve the simulated sites to look at.", "启动模拟网站供查看。"))(sandbox)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command; its exit status is 0 all well, 1 failed or in doubt, 2 wrong usage, 3 waits for a person."""
    _mind_secrets()
    _speak_any_language()
    stop_like_ctrl_c()
    given = sys.argv[1:] if arguments is None else [*arguments]
    choose_early(given)
    as_json = "--json" in given
    try:
        status = app(given, prog_name="fankuan", standalone_mode=False) or 0
        sys.exit(_interrupted(Interrupted(), as_json=as_json) if status == INTERRUPTED else status)
    except TyperException as error:
        sys.exit(_refuse(error, as_json=as_json))
    except Interrupted as error:
        sys.exit(_interrupted(error, as_json=as_json))
    except (AccountError, WordedError) as error:
        tell(error, as_json=as_json)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except (KeyboardInterrupt, typer.Abort):  # the latter also where a question meets the end of the input
        sys.exit(_interrupted(Interrupted(), as_json=as_json))
    except Exception as error:  # noqa: BLE001 - the last resort, see there
        tell(unexpected(error), as_json=as_json)
        sys.exit(1)
    finally:
        _let_go()


def _refuse(error: TyperException, *, as_json: bool) -> int:
    """Tell what is wrong with the arguments; without any the help is shown."""
    if shows_help(error):
        typer.echo(error.format_message(), err=True)
        return error.exit_code
    if line := usage_line(error):
        typer.echo(line, err=True)
    tell(wrong_usage(error), as_json=as_json)
    return error.exit_code


def tell(error: AccountError | WordedError, *, as_json: bool) -> None:
    """Tell an error on standard error, and with `--json` as the one document on standard output, too."""
    told = explained(error) if isinstance(error, AccountError) else error
    complain(say(told.text))
    if as_json and not has_answered():
        cure = told.cure or (CORRECT if isinstance(error, UsageError) else LOOK)
        document: dict[str, Any] = {"reason": error.reason, "message": plain(told.message), "cure": plain(cure)}
        print_json({"error": document | (error.more if isinstance(error, Interrupted) else {})})


def _interrupted(error: Interrupted, *, as_json: bool) -> int:
    """Gives the exit status; what was done is told, and with `--json` printed, unless the answer was already."""
    if as_json or error.more:
        tell(error, as_json=as_json)
    return INTERRUPTED


class Unexpected(WordedError):
    """A mistake of this program's own."""

    reason = "unexpected"


def unexpected(error: Exception) -> Unexpected:
    """One sentence instead of a traceback, which may hold secrets; the rest goes to the log, where they are masked."""
    from loguru import logger

    from agent import log

    path = log.current_file()
    logger.opt(exception=error).debug("unexpected error")
    last = traceback.extract_tb(error.__traceback__)[-1:]
    at = "".join(f" at {Path(frame.filename).name}:{frame.lineno}" for frame in last)
    what = log.harmless(log.redact(f"{type(error).__name__}: {error}".splitlines()[0])) + at
    where = Text(f" Details: {path}", f"详情见 {path}") if path else Text("", "")
    return Unexpected(
        Text(f"Unexpected error ({what}).", f"程序出现意外错误（{what}）。"),
        Text(f"Please report it.{where.en}", f"请反馈给我们。{where.zh}"),
    )


def _mind_secrets() -> None:
    """Loguru starts with a handler that prints the values of variables; read when it is first imported."""
    os.environ.update(LOGURU_AUTOINIT="0", LOGURU_DIAGNOSE="0", LOGURU_BACKTRACE="0")


def _speak_any_language() -> None:
    """A terminal that cannot show a character gets a question mark, not an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _let_go() -> None:
    """Flush the answer; a reader that went away (`| head`) is no error worth a word."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
