"""网店管家's member back office as it is simulated: pages, templates and scripts."""

from .site import routes

__all__ = ["routes"]
