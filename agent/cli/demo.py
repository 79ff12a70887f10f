"""`fankuan demo`: the whole job on simulated sites, with sample merchants, in a real browser."""

import secrets
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.console import Port, tell_address
from agent.cli.importing import register
from agent.cli.language import pick
from agent.cli.session import Json, complain, now, open_ledger, settings_of, start_log
from agent.cli.sync import Ended, Wanted, run, show

if TYPE_CHECKING:
    import socket
    from contextlib import AbstractContextManager

    from agent.cli.throwaway import DemoSettings
    from agent.sandbox import Sandbox

USER = "demo"
# Three merchants over all platforms: the first files its orders, the others' editions apply for refunds directly.
SHOPS = (
    ("taobao", "suning", "paipai"),
    ("jd", "1688", "alibaba", "youzan"),
    ("pinduoduo", "douyin", "weimob", "aliexpress"),
)


def demo(
    context: typer.Context,
    *,
    as_json: Json = False,
    console: Annotated[
        bool,
        typer.Option(
            "--console",
            help=pick(
                "Keep the console open on what it did, until Ctrl-C.", "结束后打开控制台查看结果，按 Ctrl-C 停止。"
            ),
        ),
    ] = False,
    port: Port = None,
) -> None:
    """Show the main job on sites and merchants that are made up; nothing real is touched."""
    from agent.cli.throwaway import furnish
    from agent.sandbox import Sandbox

    own = settings_of(context)
    # A port that is taken is told at once, not after the whole job.
    with (
        _listening(port) if console else nullcontext() as listener,
        Sandbox(seed=1, today=now().date(), shops=SHOPS) as box,
    ):
        settings = furnish(box, own)
        start_log(settings)
        complain(
            pick(
                f"SIMULATED: made-up merchants on simulated sites at {box.url}/. Nothing real is touched.",
                f"模拟演示：虚构的商家，模拟的网站（{box.url}/），不涉及任何真实数据。",
            )
        )
        ended = _run(box, settings, as_json=as_json)
        show(ended, as_json=as_json)
        if listener:
            _look(settings, listener)
        else:
            complain(
                pick("To look at it in the console: fankuan demo --console", "在控制台中查看：fankuan demo --console")
            )
    _leave(settings, ended.report.exit_status)


def _listening(port: int | None) -> "AbstractContextManager[socket.socket]":
    from agent.console.server import HOST, PORT, listen

    return listen(HOST, PORT if port is None else port)


def _run(box: "Sandbox", settings: "DemoSettings", *, as_json: bool) -> Ended:
    from agent.cli.throwaway import write

    complain(register(settings, write(settings.data_dir / "merchants.toml", box.merchants_toml())))
    return run(settings, Wanted(concurrency=3), as_json=as_json)


def _look(settings: "DemoSettings", listener: "socket.socket") -> None:
    """Serve the console, with a user who may do everything, while the simulated sites still answer."""
    from pydantic import SecretStr

    from agent.cli.console import serve_alone
    from agent.console.server import HOST
    from agent.domain.roles import Role

    password = secrets.token_urlsafe(9)
    with open_ledger(settings) as ledger:
        with ledger.begin() as tx:
            tx.users.add(USER, Role.ADMIN, SecretStr(password))
        tell_address(ledger, listener)
        complain(
            pick(
                f"Log in as {USER} with {password} (it goes with the demo). Ctrl-C ends it.",
                f"用户名 {USER}，密码 {password}（仅限本次演示）。按 Ctrl-C 停止。",
            )
        )
        serve_alone(settings, ledger, HOST, listener)


def _leave(settings: "DemoSettings", status: int) -> None:
    """The folder goes, unless it holds the pictures or what explains a failure."""
    from agent import log
    from agent.cli.throwaway import clear

    log.close()  # Windows removes no open file
    if status or not clear(settings):
        complain(pick(f"Kept: {settings.data_dir}", f"已保留：{settings.data_dir}"))
    raise typer.Exit(status)
