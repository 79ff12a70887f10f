"""`fankuan vault`: the key that passwords, account numbers and sessions are sealed with."""

from pathlib import Path

import typer

from agent.cli.audit import note
from agent.cli.language import pick
from agent.cli.session import open_ledger, settings_of, start_log
from agent.cli.usage import Commands

vault = Commands(help=pick("The key of what is sealed.", "加密密钥管理。"))


@vault.callback()
def _vault() -> None:
    """Make `rotate` a command of its own, though it is the only one."""


@vault.command(help=pick("Seal everything anew with a new key.", "更换密钥，并用新密钥重新加密全部内容。"))
def rotate(context: typer.Context) -> None:
    """Make a new key, unless the environment gives the keys, and seal every secret of the ledger with the first."""
    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings):
        pass  # only a key that fits is replaced
    place = _new_key(settings.data_dir) if settings.vault_key is None else "FANKUAN_VAULT_KEY"
    with open_ledger(settings) as ledger:
        with ledger.begin() as tx:
            count = tx.reseal()
        note(ledger, "vault_rotate", sealed=count)
    typer.echo(
        pick(
            f"{count} secrets are sealed with the first key of {place}. Back it up; the key before it is needed only "
            "for backups of the ledger that are older than this.",
            f"已用 {place} 的第一把密钥重新加密 {count} 项。请备份该密钥；旧密钥仅在恢复更早的台账备份时需要。",
        )
    )


def _new_key(folder: Path) -> str:
    from agent.vault import put_new_key

    return str(put_new_key(folder))
