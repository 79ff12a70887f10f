"""Merchants files (商家文件): what an operator wrote about merchants, checked as a whole before any of it counts."""

from agent.importing.edits import Edit, edited_account, edited_merchant, fields_to_edit
from agent.importing.export import write_merchants
from agent.importing.merchants import MerchantsFile, read_merchants
from agent.importing.template import write_template

__all__ = [
    "Edit",
    "MerchantsFile",
    "edited_account",
    "edited_merchant",
    "fields_to_edit",
    "read_merchants",
    "write_merchants",
    "write_template",
]
