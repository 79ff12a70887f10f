"""`fankuan demo`: the whole job on simulated sites, with sample merchants, in a real browser."""

from typing import TYPE_CHECKING

import typer

from agent.cli.importing import register
from agent.cli.language import pick
from agent.cli.session import Json, complain, now, settings_of, start_log
from agent.cli.sync import Ended, Wanted, run, show

if TYPE_CHECKING:
    from agent.cli.throwaway import DemoSettings
    from agent.sandbox import Sandbox

# Three merchants over all platforms: the first files its orders, the others' editions apply for refunds directly.
SHOPS = (
    ("taobao", "suning", "paipai"),
    ("jd", "1688", "alibaba", "youzan"),
    ("pinduoduo", "douyin", "weimob", "aliexpress"),
)


def demo(context: typer.Context, as_json: Json = False) -> None:
    """Show the main job on sites and merchants that are made up; nothing real is touched."""
    from agent.cli.throwaway import furnish
    from agent.sandbox import Sandbox

    own = settings_of(context)
    with Sandbox(seed=1, today=now().date(), shops=SHOPS) as box:
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
    _leave(settings, ended.report.exit_status)


def _run(box: "Sandbox", settings: "DemoSettings", *, as_json: bool) -> Ended:
    from agent.cli.throwaway import write

    complain(register(settings, write(settings.data_dir / "merchants.toml", box.merchants_toml())))
    return run(settings, Wanted(concurrency=3), as_json=as_json)


def _leave(settings: "DemoSettings", status: int) -> None:
    """The folder goes, unless it holds the pictures or what explains a failure."""
    from agent import log
    from agent.cli.throwaway import clear

    log.close()  # Windows removes no open file
    if status or not clear(settings):
        complain(pick(f"Kept: {settings.data_dir}", f"已保留：{settings.data_dir}"))
    raise typer.Exit(status)
