"""Merchants files (商家文件): what an operator wrote about merchants, checked as a whole before any of it counts."""

from agent.importing.merchants import MerchantsFile, read_merchants
from agent.importing.template import write_template

__all__ = ["MerchantsFile", "read_merchants", "write_template"]
