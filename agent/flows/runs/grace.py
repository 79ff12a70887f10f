"""The time that a site is given to do what a run that is gone has sent: what was begun is looked at only after it."""

import asyncio
from datetime import datetime

GRACE_SECONDS = 6.0


async def let_settle(begun_at: datetime, now: datetime) -> None:
    """Wait until enough time has passed since a step was begun. Both moments are aware."""
    left = GRACE_SECONDS - (now - begun_at).total_seconds()
    # Bounded above, too: a clock that was set back must not halt us for months.
    await asyncio.sleep(max(0.0, min(left, GRACE_SECONDS)))
