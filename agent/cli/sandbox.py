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
    from collections.abc import Iterable

    from agent.sandbox import Sandbox


# What is written has to hold for the next start, too.
_FIXED_PORT = 8800
# The samples must not land among real merchants.
_HERE = 'data_dir = "sandbox-data"\n'


def sandbox(
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=pick(
                "The port; 0 takes a free one. With --config 8800.", "端口；0 表示自动选择，配合 --config 时默认 8800。"
            ),
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help=pick("Write settings and merchants to use with it.", "写入配套的设置和商家文件。")
        ),
    ] = None,
    challenge: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help=pick("What log-ins ask a person for; see the page.", "登录时要求的人工验证，见控制页。"),
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help=pick("What goes wrong; repeats.", "要模拟的故障，可重复。")),
    ] = None,
    later: Annotated[
        int,
        typer.Option(
            min=0, max=500, metavar="DAYS", help=pick("So many working days later.", "假设已过若干个工作日。")
        ),
    ] = 0,
) -> None:
    """Serve the simulated sites until it is stopped, which is its normal end.

    What they ask for, what goes wrong and the date can be changed on their page `/_control`, too, while they run.
    """
    from agent.cli.demo import SHOPS
    from agent.sandbox import Sandbox
    from agent.sandbox.core import control

    _check_names(challenge, fault or [])
    with ExitStack() as until_here:
        wanted = (_FIXED_PORT if config else 0) if port is None else port
        try:
            box = until_here.enter_context(Sandbox(seed=1, today=now().date(), port=wanted, shops=SHOPS))
        except OSError as error:
            raise _no_port(wanted, error) from error
        control.switch(box.state, challenge, fault or [])
        control.let_pass(box.state, later)
        _show_until_stopped(_leaflet(box) if config is None else _written(box, config))


def _check_names(challenge: str | None, faults: list[str]) -> None:
    """Raise UsageError for a challenge or a fault that there is not."""
    from agent.sandbox.core import control
    from agent.settings.problems import instead_of

    for names, known in (([challenge] if challenge else [], control.CHALLENGES), (faults, control.FAULTS)):
        for name in names:
            if name not in known:
                cure = instead_of(name, known)
                raise UsageError(Text(f"There is no “{name}”.", f"没有“{name}”。"), cure)


def _written(box: "Sandbox", folder: Path) -> str:
    """Write `fankuan.toml` and `merchants.toml` into the folder, and return what to call next.

    Raise UsageError if it holds some that were not written so: they may be those of real shops.
    """
    from agent.exporting.target import write_whole

    files = {"fankuan.toml": _HERE + box.settings_toml(), "merchants.toml": box.merchants_toml()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            Text(f"{folder} cannot be made ({error.strerror}).", f"无法创建 {folder}（{error.strerror}）。")
        ) from error
    _check_ours(folder, files)
    for name, text in files.items():
        write_whole(folder / name, partial(Path.write_text, data=text, encoding="utf-8"))
    command = f"fankuan --config {folder / 'fankuan.toml'}"
    return "\n".join(
        [
            pick(f"Simulated sites at {box.url}/ (Ctrl-C stops them)", f"模拟网站：{box.url}/ （Ctrl-C 停止）"),
            pick(f"Challenges, faults, the date: {box.url}/_control", f"验证、故障、日期：{box.url}/_control"),
            f"{command} merchants import {folder / 'merchants.toml'}",
            f"{command} sync",
            pick(
                f"To begin anew, stop them and delete {folder / 'sandbox-data'}.",
                f"如需重新开始，请停止后删除 {folder / 'sandbox-data'}。",
            ),
        ]
    )


def _check_ours(folder: Path, names: "Iterable[str]") -> None:
    settings = folder / "fankuan.toml"
    if settings.is_file() and settings.read_text(encoding="utf-8", errors="replace").startswith(_HERE):
        return
    for name in names:
        if (folder / name).exists():
            raise UsageError(
                Text(
                    f"{folder / name} exists, and was not written by `fankuan sandbox`. Nothing was written.",
                    f"{folder / name} 已存在，且不是由 `fankuan sandbox` 写入的。未写入任何内容。",
                ),
                Text("Name another folder.", "请换一个文件夹。"),
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
    switches = pick(f"Challenges, faults, the date: {box.url}/_control", f"验证、故障、日期：{box.url}/_control")
    settings = pick(
        "# fankuan.toml: for fankuan --config fankuan.toml", "# fankuan.toml：用于 fankuan --config fankuan.toml"
    )
    merchants = pick(
        "# merchants.toml: for fankuan --config fankuan.toml merchants import merchants.toml",
        "# merchants.toml：用于 fankuan --config fankuan.toml merchants import merchants.toml",
    )
    return "\n".join(
        [look, truth, switches, "", settings, _HERE + box.settings_toml(), merchants, box.merchants_toml()]
    )
