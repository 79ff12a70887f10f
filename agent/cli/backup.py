"""`fankuan backup` and `fankuan restore`: the ledger in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.language import pick
from agent.cli.session import now, settings_of

File = Annotated[Path, typer.Argument(help=pick("The backup.", "备份文件。"))]


def backup(context: typer.Context, file: File) -> None:
    """Write the ledger into one file, also while a fankuan works on it."""
    from agent.exporting.target import write_whole
    from agent.ledger.backup import check_target, write_backup

    settings = settings_of(context)
    check_target(file)
    size = write_whole(file, lambda beside: write_backup(settings, beside, now()))
    key, pictures = settings.data_dir / "vault.key", settings.evidence_dir
    typer.echo(
        pick(
            f"{file}: {size:,} bytes. Not in it: the key ({key} or FANKUAN_VAULT_KEY), without which no password can "
            f"be opened; the settings; the evidence ({pictures}). Keep a copy of the key, and not beside this file.",
            f"{file}：{size:,} 字节。不包含：密钥（{key} 或 FANKUAN_VAULT_KEY，没有它无法解开密码）、设置文件、"
            f"截图凭证（{pictures}）。请另行保存密钥，不要与本文件放在一起。",
        )
    )


def restore(context: typer.Context, file: File) -> None:
    """Put the ledger of a backup into an empty data directory, and open it once with the key."""
    from agent.ledger.backup import restore_backup

    settings = settings_of(context)
    count = restore_backup(settings, file, now)
    typer.echo(pick(f"Restored: {count} merchants.", f"已恢复：{count} 个商家。"))
