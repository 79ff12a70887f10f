"""Logging in, and staying so."""
