"""The words of the library that reads the arguments, in the reader's language: help, and what is wrong with a call."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from agent.cli.language import chinese, pick
from agent.domain.errors import UsageError
from agent.domain.text import Text

Function = TypeVar("Function", bound=Callable[..., Any])

_HELP = [
    (r"^Usage: ", "用法："),
    (r"\[OPTIONS\]", "[选项]"),
    (r"COMMAND \[ARGS\]\.\.\.", "命令 [参数]…"),
    (r"^Options:$", "选项："),
    (r"^Arguments:$", "参数："),
    (r"^Commands:$", "命令："),
    (r"Show this message and exit\.", "显示本帮助。"),
    (r"Install completion for the current shell\.", "为当前 shell 安装命令补全。"),
    (
        r"Show completion for the current shell, to copy it or\s+customize the installation\.",
        "显示补全脚本，供自行安装。",
    ),
    (r"\[required\]", "[必填]"),
    (r"\[default: ([^\]]*)\]", r"[默认：\1]"),
    (r"\[env var: ([^;\]]*)(?:; default: ([^\]]*))?\]", r"[环境变量：\1]"),
    (r"; required\]", "；必填]"),
    (r"(?<= )INTEGER(?: RANGE)?(?= )", "整数"),
    (r"(?<= )TEXT(?= )", "文本"),
    (r"(?<= )PATH(?= )", "路径"),
]
_USAGE = [
    (r"No such option: (\S+)", r"没有选项 \1。"),
    (r"\(Possible options: (.+)\)", r"是否应为：\1？"),
    (r"No such command ('.*?')\.", r"没有命令 \1。"),
    (r"Did you mean (.+)\?", r"是否应为：\1？"),
    (r"Missing argument (.+?)\.", r"缺少参数 \1。"),
    (r"Missing option (.+?)\.", r"缺少选项 \1。"),
    (r"Missing command\.", "缺少命令。"),
    (r"Got unexpected extra argument\(?s?\)? \((.+)\)", r"多余的参数：\1。"),
    (r"Invalid value for (.+?): ", r"\1 的值无效："),
    (r"Invalid value: ", "值无效："),
    (r"Input should be a valid integer.*", "应为整数。"),
    (r"Input should be greater than or equal to (\S+)", r"应不小于 \1。"),
    (r"Input should be less than or equal to (\S+)", r"应不大于 \1。"),
    (r"Option ('.*?') does not take a value\.", r"选项 \1 不带值。"),
    (r"Option ('.*?') requires an argument\.", r"选项 \1 缺少值。"),
]


def _in_chinese(text: str, words: list[tuple[str, str]]) -> str:
    for pattern, shown in words:
        text = re.sub(pattern, shown, text, flags=re.MULTILINE)
    return text


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - the library's own, which is not public
        return _help(super().get_help(ctx))


class _Group(TyperGroup):
    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the library's own, which is not public
        """Give `--json` that stands before a command of the group to that command; other options are refused there."""
        given = [name for name in ctx.params if ctx.get_parameter_source(name).name == "COMMANDLINE"]
        if self.invoke_without_command and ctx._protected_args and given:
            if given != ["as_json"]:
                raise _misplaced(ctx.command_path, ctx._protected_args[0])
            ctx.args = ["--json", *ctx.args]
        return super().invoke(ctx)

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - the library's own, which is not public
        return _help(super().get_help(ctx))


def _help(text: str) -> str:
    return _in_chinese(text, _HELP) if chinese() else text


class Commands(typer.Typer):
    """A group of commands whose help is in one language throughout, and drawn without colour, which costs 0.2 s."""

    def __init__(self, *, name: str | None = None, help: str, alone: bool = False) -> None:  # noqa: A002
        """`alone`: the group's own name is a command, too."""
        super().__init__(
            name=name,
            cls=_Group,
            help=help,
            no_args_is_help=not alone,
            invoke_without_command=alone,
            add_completion=name == "fankuan",
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
        )

    def command(self, name: str | None = None, **more: Any) -> Callable[[Function], Function]:  # noqa: ANN401
        """Add a command, as Typer's own does."""
        return super().command(name, **({"cls": _Command} | more))


def _misplaced(group: str, command: str) -> UsageError:
    return UsageError(
        Text(
            f"Options of `{group} {command}` go behind its name; those before it are of `{group}` alone.",
            f"`{group} {command}` 的选项须写在命令名之后；写在前面的只用于 `{group}`。",
        ),
        Text(f"See `{group} {command} --help`.", f"用法见 `{group} {command} --help`。"),
    )


def wrong_usage(error: TyperException) -> UsageError:
    """What is wrong with the arguments, and where to read how they are written."""
    text = error.format_message()
    text += "" if text.endswith((".", "?", ")")) else "."
    context: typer.Context | None = getattr(error, "ctx", None)
    command = context.command_path if context else "fankuan"
    return UsageError(
        Text(text, _in_chinese(text, _USAGE)),
        Text(f"See `{command} --help`.", f"用法见 `{command} --help`。"),
    )


def shows_help(error: TyperException) -> bool:
    """True if the call named no command, and its message is the help."""
    return type(error).__name__ == "NoArgsIsHelpError"


def usage_line(error: TyperException) -> str:
    """The line that shows how the command is written; empty if it is not known which one was meant."""
    context: typer.Context | None = getattr(error, "ctx", None)
    if context is None:
        return ""
    line = context.get_usage()
    return pick(line, _in_chinese(line, _HELP))
