"""`python -m agent` is the command `fankuan`."""

from agent.cli import main

main()
