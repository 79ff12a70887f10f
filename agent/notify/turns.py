"""Which merchants a channel hears of this time: never so many that looking them up would take long.

They are those who were looked at since the last time, and some of all in turn: what falls due by the date alone, and
what somebody has entered, is found that way.
"""

import hashlib
from dataclasses import dataclass

from agent.ledger import Bookmark, Ledger
from agent.notify.notices import Notice
from agent.settings import ChannelSettings

IN_TURN = 200  # merchants
_OUTCOMES = 5000  # after a run over thousands of accounts, too, what it found is told at once


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a channel is told something: of these merchants. `following` is the bookmark once it was."""

    channel: ChannelSettings
    merchants: frozenset[str]
    begun: Bookmark
    following: Bookmark

    def takes(self, notice: Notice) -> bool:
        """Whether the channel is to hear of it now: of what waits for a person always, of all else in its turn."""
        if self.channel.merchants and notice.merchant not in self.channel.merchants:
            return False
        return notice.urgent or notice.merchant in self.merchants


def turn_of(ledger: Ledger, channel: ChannelSettings) -> Turn:
    """What a channel hears of next."""
    begun = ledger.bookmark(name_of(channel))
    newest, looked_at = ledger.looked_at(begun.outcome, _OUTCOMES)
    everyone = sorted(channel.merchants or ledger.merchant_ids())
    in_turn = [merchant for merchant in everyone if merchant > begun.merchant][:IN_TURN]
    last = in_turn[-1] if in_turn and in_turn[-1] != everyone[-1] else ""
    concerned = looked_at & {*everyone} if channel.merchants else looked_at
    return Turn(channel, frozenset(concerned | {*in_turn}), begun, Bookmark(newest, last))


def name_of(channel: ChannelSettings) -> str:
    """Tells one channel from another without its address, which is a secret."""
    return hashlib.sha256(channel.url.get_secret_value().encode()).hexdigest()[:16]
