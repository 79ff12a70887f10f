"""The command line: reads the arguments, calls the flows, shows what came of it."""

from agent.cli.app import main

__all__ = ["main"]
