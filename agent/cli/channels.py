"""Tells the people of [[notify]] what is new, after a run and while the service works."""

from contextlib import nullcontext
from typing import TYPE_CHECKING

from agent.cli.due import due_dates
from agent.cli.language import pick, say
from agent.cli.session import complain, now, open_ledger

if TYPE_CHECKING:
    from agent.ledger import Ledger
    from agent.settings import Settings


def tell_channels(settings: "Settings", ledger: "Ledger | None" = None) -> None:
    """Tell the people of [[notify]] what is new, and the operator where a channel did not take it.

    The one that serves gives the `ledger` that it has open: once another process has brought the tables to a newer
    version, it could open none.

    What goes wrong with that is told, and is no more than that: the work was done, whether or not anybody hears of it.
    """
    if not settings.notify:
        return
    from sqlalchemy.exc import SQLAlchemyError

    from agent.domain.error_wording import explained
    from agent.domain.errors import AccountError, WordedError

    try:
        _tell_news(settings, ledger)
    except AccountError as error:
        complain(_untold(say(explained(error).text)))
    except WordedError as error:
        complain(_untold(say(error.text)))
    except (OSError, SQLAlchemyError) as error:
        complain(_untold(type(error).__name__))


def _tell_news(settings: "Settings", ledger: "Ledger | None") -> None:
    from agent.cli.language import spoken
    from agent.notify import tell_people

    with nullcontext(ledger) if ledger else open_ledger(settings) as opened:
        for text in tell_people(settings, opened, due_dates(settings), now(), spoken()):
            complain(say(text))


def _untold(why: str) -> str:
    return pick(
        f"The channels of [[notify]] were told nothing; the next run tells them. {why}",
        f"[[notify]] 的通知未发出，下次运行时补发。{why}",
    )
