"""Reconciling (对账): what the bank's statement shows against the refunds that were requested."""
