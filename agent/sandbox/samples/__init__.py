"""The sample merchants, shops, orders and filings, made up from a seed."""
