"""Merchants files (商家文件): what an operator wrote about merchants, checked as a whole before any of it counts."""

from agent.importing.merchants import read_merchants

__all__ = ["read_merchants"]
