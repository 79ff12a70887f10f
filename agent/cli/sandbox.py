"""`fankuan sandbox`: the simulated sites, to look at."""

import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.language import pick
from agent.cli.session import now
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.sandbox import Sandbox


# The samples must not land among real merchants.
_HERE = 'data_dir = "sandbox-data"\n'


def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=pick("The port; 0 takes a free one.", "端口；0 表示自动选择。"))
    ] = 0,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help=pick("Write settings and merchants to use with it.", "写入配套的设置和商家文件。")
        ),
    ] = None,
) -> None:
    """Serve the simulated sites until it is stopped, which is its normal end."""
    from agent.cli.demo import SHOPS
    from agent.sandbox import Sandbox

    with ExitStack() as until_here:
        try:
            box = until_here.enter_context(Sandbox(seed=1, today=now().date(), port=port, shops=SHOPS))
        except OSError as error:
            raise _no_port(port, error) from error
        _show_until_stopped(_leaflet(box) if config is None else _written(box, config))


def _written(box: "Sandbox", folder: Path) -> str:
    """Write `fankuan.toml` and `merchants.toml` into the folder, and return what to call next."""
    from agent.exporting.target import write_whole

    files = {"fankuan.toml": _HERE + box.settings_toml(), "merchants.toml": box.merchants_toml()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            Text(f"{folder} cannot be made ({error.strerror}).", f"无法创建 {folder}（{error.strerror}）。")
        ) from error
    for name, text in files.items():
        write_whole(folder / name, partial(Path.write_text, data=text, encoding="utf-8"))
    command = f"fankuan --config {folder / 'fankuan.toml'}"
    return "\n".join(
        [
            pick(f"Simulated sites at {box.url}/ (Ctrl-C stops them)", f"模拟网站：{box.url}/ （Ctrl-C 停止）"),
            f"{command} merchants import {folder / 'merchants.toml'}",
            f"{command} sync",
        ]
    )


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
    return "\n".join([look, truth, "", settings, _HERE + box.settings_toml(), merchants, box.merchants_toml()])
