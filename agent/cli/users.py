"""`fankuan users` and `fankuan tokens`: who may use the console, and with which role."""

import getpass
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import noted
from agent.cli.language import pick, say
from agent.cli.session import Json, ledger_of, open_ledger, print_json, settings_of, start_log
from agent.cli.usage import Commands
from agent.domain.roles import Role

if TYPE_CHECKING:
    from pydantic import SecretStr

    from agent.ledger.users import KnownUser

users = Commands(help=pick("Who may log in to the console.", "管理控制台用户。"))
tokens = Commands(help=pick("What programs show to the console's API.", "管理控制台接口的令牌。"))
Name = Annotated[str, typer.Argument(metavar="NAME", help=pick("The name.", "名称。"))]
Kind = Annotated[Role, typer.Option("--role", help=pick("What it may do.", "角色：只读、操作员或管理员。"))]


@users.command("add", help=pick("Add a user; asks for the password.", "添加用户，并设置密码。"))
def add_user(context: typer.Context, name: Name, role: Kind) -> None:
    """Read the password from the terminal, twice; from standard input where that is no terminal."""

    settings = settings_of(context)
    start_log(settings)
    password = _password()
    with open_ledger(settings) as ledger, ledger.begin() as tx:
        tx.users.add(name, role, password)
        noted(tx, "users_add", name, role=role.value)
    typer.echo(pick(f"Added {name} ({role.value}).", f"已添加 {name}（{say(role.text)}）。"))


@users.command("password", help=pick("Set another password; ends its sessions.", "重设密码，并使其重新登录。"))
def set_password(context: typer.Context, name: Name) -> None:
    """Read the password as `add` does."""

    settings = settings_of(context)
    start_log(settings)
    password = _password()
    with open_ledger(settings) as ledger, ledger.begin() as tx:
        tx.users.set_password(name, password)
        noted(tx, "users_password", name)
    typer.echo(pick(f"{name} has a new password.", f"已重设 {name} 的密码。"))


@users.command("remove", help=pick("Take a user's access away at once.", "立即停用用户。"))
def remove_user(context: typer.Context, name: Name) -> None:
    """End its sessions, too."""

    with ledger_of(context) as (_, ledger), ledger.begin() as tx:
        tx.users.end(name)
        noted(tx, "users_remove", name)
    typer.echo(pick(f"Removed {name}.", f"已停用 {name}。"))


@users.command("list", help=pick("Who may log in.", "查看可登录的用户。"))
def list_users(context: typer.Context, as_json: Json = False) -> None:
    """By name; never a password."""

    with ledger_of(context) as (_, ledger), ledger.read() as tx:
        _show(tx.users.known(), "users", as_json=as_json)


@tokens.command("add", help=pick("Make a token and print it once.", "生成令牌，只显示一次。"))
def add_token(context: typer.Context, name: Name, role: Kind) -> None:
    """It is shown here and nowhere else: the ledger keeps a hash of it."""

    with ledger_of(context) as (_, ledger), ledger.begin() as tx:
        made = tx.tokens.add(name, role)
        noted(tx, "tokens_add", name, role=role.value)
    typer.echo(made.get_secret_value())


@tokens.command("remove", help=pick("Take a token's access away at once.", "立即停用令牌。"))
def remove_token(context: typer.Context, name: Name) -> None:
    """Whoever shows it from now on is refused."""

    with ledger_of(context) as (_, ledger), ledger.begin() as tx:
        tx.tokens.end(name)
        noted(tx, "tokens_remove", name)
    typer.echo(pick(f"Removed {name}.", f"已停用 {name}。"))


@tokens.command("list", help=pick("Which tokens there are.", "查看可用的令牌。"))
def list_tokens(context: typer.Context, as_json: Json = False) -> None:
    """By name; never what they are."""

    with ledger_of(context) as (_, ledger), ledger.read() as tx:
        _show(tx.tokens.known(), "tokens", as_json=as_json)


def _password() -> "SecretStr":
    from pydantic import SecretStr

    if not sys.stdin.isatty():
        return SecretStr(sys.stdin.readline().rstrip("\r\n"))
    first = getpass.getpass(pick("Password: ", "密码："))
    if getpass.getpass(pick("Once more: ", "再输入一次：")) != first:
        from agent.domain.errors import UsageError
        from agent.domain.text import Text

        raise UsageError(Text("The two are not the same. Try again.", "两次输入不一致，请重试。"))
    return SecretStr(first)


def _show(found: "Sequence[KnownUser]", called: str, *, as_json: bool) -> None:
    from agent.cli.screen import answers, row, table

    if as_json:
        listed = [
            {"name": each.name, "role": each.role.value, "added_at": each.added_at.isoformat(timespec="seconds")}
            for each in found
        ]
        return print_json({called: listed})
    made = table(*pick("Name|Role|Since", "名称|角色|添加时间").split("|"))
    for each in found:
        row(made, each.name, say(each.role.text), f"{each.added_at:%Y-%m-%d %H:%M}")
    return answers().print(made)
