"""Orders, filings, deadlines and the plan: pure values and functions, used by every room and using none."""
