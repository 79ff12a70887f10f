"""`fankuan move-to-postgres`: from the file of one machine to a database that several share."""

from typing import TYPE_CHECKING

import typer

from agent.cli.language import pick
from agent.cli.session import complain, now, settings_of, start_log
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.settings import Settings


def move_to_postgres(context: typer.Context) -> None:
    """Copy the ledger into the database of `database_url`, and put the file aside."""
    from filelock import FileLock, Timeout

    from agent.ledger.move import move

    settings = settings_of(context)
    start_log(settings)
    lock = FileLock(settings.data_dir / "serve.lock", timeout=0)
    try:
        with lock:
            moved = move(settings, now())
    except Timeout:
        raise UsageError(
            Text("Stop `fankuan serve` first: it works on this ledger.", "请先停止正在使用该台账的 fankuan serve。")
        ) from None
    _show(moved, settings)


def _show(moved: dict[str, int], settings: "Settings") -> None:
    from agent.cli.screen import answers, row, table

    drawn = table(*(names := (pick("Table", "表"), pick("Rows", "行数"))), right=[names[1]])
    for name, rows in moved.items():
        row(drawn, name, str(rows))
    answers().print(drawn)
    folder = settings.data_dir
    complain(
        pick(
            f"✓ Moved. The old file is put aside in {folder}. Every machine needs the same key: copy "
            f"{folder}/vault.key, or set FANKUAN_VAULT_KEY. The evidence stays where it is.",
            f"✓ 迁移完成，原文件已在 {folder} 中改名保留。所有机器须使用同一密钥：复制 {folder}/vault.key，"
            "或设置 FANKUAN_VAULT_KEY。截图凭证保留在原处。",
        )
    )
