"""`fankuan sandbox`: the simulated sites, to look at."""

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.language import pick
from agent.cli.session import now
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.sandbox import Sandbox


def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=pick("The port; 0 takes a free one.", "端口；0 表示自动选择。"))
    ] = 0,
) -> None:
    """Serves the simulated sites until it is stopped, which is its normal end."""
    from agent.cli.demo import SHOPS
    from agent.sandbox import Sandbox

    with ExitStack() as until_here:
        try:
            box = until_here.enter_context(Sandbox(seed=1, today=now().date(), port=port, shops=SHOPS))
        except OSError as error:
            raise _no_port(port, error) from error
        _show_until_stopped(_leaflet(box))


def _no_port(port: int, error: OSError) -> UsageError:
    return UsageError(
        Text(f"Port {port} cannot be used ({error.strerror}).", f"端口 {port} 无法使用（{error.strerror}）。"),
        Text("Choose another with --port, or 0 for a free one.", "请用 --port 换一个，或用 0 自动选择。"),
    )


def _show_until_stopped(leaflet: str) -> None:
    try:
        typer.echo(leaflet)
        while True:
            time.sleep(1)  # waiting for an event cannot be interrupted on Windows
    except KeyboardInterrupt:
        typer.echo(pick("Stopped.", "已停止。"), err=True)


def _leaflet(box: "Sandbox") -> str:
    """Addresses, credentials that work, and how to lead fankuan here. All of it is made up, so it may be shown."""
    look = pick(f"Simulated sites at {box.url}/ (Ctrl-C stops them)", f"模拟网站：{box.url}/ （Ctrl-C 停止）")
    truth = pick(f"What they hold and received: {box.url}/_truth", f"站点实际数据：{box.url}/_truth")
    settings = pick(
        "# fankuan.toml: for fankuan --config fankuan.toml", "# fankuan.toml：用于 fankuan --config fankuan.toml"
    )
    merchants = pick(
        "# merchants.toml: for fankuan --config fankuan.toml merchants import merchants.toml",
        "# merchants.toml：用于 fankuan --config fankuan.toml merchants import merchants.toml",
    )
    here = 'data_dir = "sandbox-data"\n'  # the samples must not land among real merchants
    return "\n".join([look, truth, "", settings, here + box.settings_toml(), merchants, box.merchants_toml()])
