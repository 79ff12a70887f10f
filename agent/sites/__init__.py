"""The platforms and the back office: what differs from one to the next, as declarations."""

from agent.sites.registry import BUILT_IN, backoffice, names_of_others, sites
from agent.sites.site import BackOffice, Desk, Site

__all__ = ["BUILT_IN", "BackOffice", "Desk", "Site", "backoffice", "names_of_others", "sites"]
