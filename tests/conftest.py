"""Settings of the tests' tools."""

import signal

from hypothesis import settings

# A busy machine makes any example slow; how long it took says nothing about whether it holds.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# Where a script has started the tests in the background, Ctrl-C is off, and would be in every process that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
