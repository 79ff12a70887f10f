"""`fankuan notify test`: whether each channel of [[notify]] takes a message."""

from typing import TYPE_CHECKING

import typer

from agent.cli.language import pick, spoken
from agent.cli.session import Json, complain, now, print_json, settings_of
from agent.cli.usage import Commands
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.notify.sending import Delivery
    from agent.settings import ChannelSettings

_TEST = Text("A test of fankuan: this channel works.", "fankuan 测试消息：该通知渠道工作正常。")

notify = Commands(help=pick("The channels that people are told by.", "管理通知渠道。"))


@notify.callback()
def _notify() -> None:
    """Make `test` a command of its own, though it is the only one."""


@notify.command(
    "test", help=pick("Send each channel a message, and show its answer.", "向每个渠道发送测试消息并显示其应答。")
)
def send_test(context: typer.Context, as_json: Json = False) -> None:
    """Send one message to each channel; end with 1 if one did not take it."""
    from agent.log import hide

    settings = settings_of(context)
    hide(*(secret for channel in settings.notify for secret in (channel.url, channel.secret)))
    answers = [(each, _tried(each)) for each in settings.notify]
    if not answers:
        complain(
            pick(
                "No channel is set: add a table [[notify]] to the settings.",
                "尚未设置渠道：请在设置中添加 [[notify]]。",
            )
        )
    if as_json:
        print_json({"channels": [_document(*answer) for answer in answers]})
    else:
        _show(answers)
    raise typer.Exit(int(not all(delivery.taken for _, delivery in answers)))


def _tried(channel: "ChannelSettings") -> "Delivery":
    from agent.notify.sending import send
    from agent.notify.webhook import post_test

    if channel.secret is not None:
        return post_test(channel, _TEST, now())
    return send(channel, _TEST.spoken(channel.language or spoken()))


def _document(channel: "ChannelSettings", delivery: "Delivery") -> dict[str, object]:
    from agent.log import redact
    from agent.notify.sending import shown

    return {
        "channel": shown(channel),
        "merchants": list(channel.merchants),
        "delivered": delivery.taken,
        "answer": redact(delivery.message),
    }


def _show(answers: "list[tuple[ChannelSettings, Delivery]]") -> None:
    from agent.cli.screen import answers as standard_output
    from agent.cli.screen import line
    from agent.log import redact
    from agent.notify.sending import shown

    console = standard_output()
    for channel, delivery in answers:
        taken = pick("✓ taken", "✓ 已送达") if delivery.taken else pick("✗ not taken", "✗ 未送达")
        kind, text = shown(channel), redact(delivery.message)
        told = pick(f"{kind}: {taken} ({text})", f"{kind}：{taken}（{text}）")
        line(console, told, "" if delivery.taken else "red")
