"""Settings of the tests' tools."""

from hypothesis import settings

# A busy machine makes any example slow; how long it took says nothing about whether it holds.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")
