"""`fankuan explain`: what of an account's pages was not understood, and the settings that would say it."""

from typing import Annotated, Any

import typer

from agent.cli.language import pick, say
from agent.cli.session import Json, print_json, settings_of
from agent.domain.errors import UsageError
from agent.domain.explanation import Stop, beyond_settings, lines_to_add
from agent.domain.text import Text


def explain(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help=pick("Such as m1/taobao.", "例如 m1/taobao。"))],
    as_json: Json = False,
) -> None:
    """Print the lines to add."""
    from agent.flows.runs.stops import kept_stop
    from agent.settings import sites
    from agent.sites import BUILT_IN

    settings = settings_of(context)
    stop = kept_stop(settings.data_dir, account)
    if stop is None:
        raise UsageError(_nothing_kept(account))
    if stop.platform not in sites(settings):
        raise UsageError(Text(f"{stop.platform} is not a known platform.", f"{stop.platform} 不是已知平台。"))
    lines = [say(line) for line in lines_to_add(stop, built_in=stop.platform in BUILT_IN)]
    if as_json:
        return print_json(_document(account, stop, lines))
    return _show(stop, lines)


def _nothing_kept(account: str) -> Text:
    return Text(
        f"No page of {account} that was not understood is kept on this machine. An account is written m1/taobao or "
        "m1/taobao/second; `fankuan sync` keeps what it stops at.",
        f"本机没有 {account} 的记录：`fankuan sync` 遇到无法识别的页面时才会保存。"
        "账号写作 m1/taobao 或 m1/taobao/second。",
    )


def _show(stop: Stop, lines: list[str]) -> None:
    typer.echo(f"# {say(stop.text)}" if stop.text.en else "")
    for text in beyond_settings(stop.rows):
        typer.echo(f"# {say(text)}")
    if lines:
        typer.echo("\n".join(lines))
    else:
        typer.echo(
            pick(
                "# No setting would help here: look at the picture of the run, and report the page.",
                "# 没有可用的设置：请查看本次运行的截图并反馈该页面。",
            )
        )


def _document(account: str, stop: Stop, lines: list[str]) -> dict[str, Any]:
    words = [{"field": g.field, "shows": g.shown} for row in stop.rows for g in row.gaps]
    return {
        "schema": 1,
        "account": account,
        "platform": stop.platform,
        "not_understood": words,
        "missing_columns": list(stop.columns),
        "unknown_headings": list(stop.headings),
        "lines": lines,
    }
