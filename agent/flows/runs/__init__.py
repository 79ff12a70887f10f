"""Whole runs: what is worked, in which order, by whom."""
