"""拼多多 as it is simulated: pages, templates and scripts."""

from .site import routes

__all__ = ["routes"]
