"""Keeps what the pages of a site look like, and tells what is different before anything fails."""

from loguru import logger
from playwright.async_api import Error
from sqlalchemy.exc import DBAPIError

from agent.domain.accounts import SiteId
from agent.domain.errors import AccountError
from agent.flows.runs.account_context import AccountContext
from agent.flows.session.session import Session
from agent.pages import vocabulary
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.page_shape import shape_of

# What every reader knows of rows: that it shows for the first time is no change of the page.
_FAMILIAR = frozenset(
    word for words in (*vocabulary.ORDER_STATUS.values(), *vocabulary.FILING_STATUS.values()) for word in words
) | {*vocabulary.CONFIRM, *vocabulary.REFUND, *vocabulary.MORE_ACTIONS}


async def note_shape(job: AccountContext, session: Session, page: str, kind: ListKind, site_id: SiteId) -> None:
    """Keep what the page that was just read looks like, and tell what is different from earlier looks.

    Trouble with that changes nothing: the list itself was read, and what comes next may be to verify a click.
    """
    try:
        shape = shape_of(await session.page.look(), kind, job.merchant.names())
        if shape is None:
            return
        with job.run.ledger.read() as tx:
            if tx.page_shapes.knows(site_id, page, shape):
                return
        # All accounts of the site keep the same row: they wait for each other, and for nobody else.
        with job.run.ledger.begin(on=f"page_shapes:{site_id}", run_id=job.evidence.run_id) as tx:
            told = tx.page_shapes.note(site_id, page, shape, _FAMILIAR)
    except (AccountError, Error, DBAPIError) as error:
        logger.warning("{}: what the page of {} looks like was not kept: {}", site_id, page, type(error).__name__)
        return
    for text in told:
        logger.warning("{}: the page of {} changed: {}", site_id, page, text.en)
