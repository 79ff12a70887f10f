"""The simulated sites, for the demo and the tests; nothing here knows the agent."""

from agent.sandbox.core.model import Faults, Post
from agent.sandbox.leaving import leave_nothing_to_do, leave_to_do
from agent.sandbox.server import Sandbox

__all__ = ["Faults", "Post", "Sandbox", "leave_nothing_to_do", "leave_to_do"]
