"""The simulated sites, for the demo and the tests; nothing here knows the agent."""

from .model import Faults, Post
from .server import Sandbox

__all__ = ["Faults", "Post", "Sandbox"]
