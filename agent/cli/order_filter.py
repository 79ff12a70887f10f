"""The options by which a command says which orders it is about."""

from typing import Annotated

import typer

from agent.cli.language import pick
from agent.domain.stage import Stage

OfMerchants = Annotated[
    list[str] | None,
    typer.Option("--merchant", metavar="ID", help=pick("Only this merchant; repeats.", "只处理该商家，可重复。")),
]
OnPlatforms = Annotated[
    list[str] | None,
    typer.Option("--platform", metavar="ID", help=pick("Only this platform; repeats.", "只处理该平台，可重复。")),
]
AtStages = Annotated[
    list[Stage] | None,
    typer.Option("--stage", help=pick("Only orders at this stage; repeats.", "只处理该进度的订单，可重复。")),
]
Problems = Annotated[
    bool,
    typer.Option("--problems", help=pick("Only what needs a person or is in doubt.", "只处理需人工或不明的订单。")),
]
DueWithin = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="DAYS", help=pick("Only what is due within so many days.", "只处理若干天内可申请的订单。")
    ),
]
Active = Annotated[
    bool,
    typer.Option("--active", help=pick("Not those of who was removed.", "不含已移除的商家和账号。")),
]
