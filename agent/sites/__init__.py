"""The platforms and the back office: what differs from one to the next, as declarations."""

from agent.sites.declared import declared, may_be_called, names_of_others, platforms_called
from agent.sites.site import BackOffice, Site

BUILT_IN: dict[str, Site] = declared(__path__)

__all__ = ["BUILT_IN", "BackOffice", "Site", "may_be_called", "names_of_others", "platforms_called"]
