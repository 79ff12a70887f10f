"""`fankuan migrate`: brings the ledger to the tables of this version, before the first process of it works."""

import typer

from agent import __version__
from agent.cli.language import pick
from agent.cli.session import complain, open_ledger, settings_of


def migrate(context: typer.Context) -> None:
    """Whatever opens the ledger does this first; on its own it shows whether it goes well, at a moment you choose."""
    with open_ledger(settings_of(context)):
        complain(
            pick(
                f"✓ The ledger has the tables of fankuan {__version__}.",
                f"✓ 台账的表结构已是 fankuan {__version__} 的版本。",
            )
        )
