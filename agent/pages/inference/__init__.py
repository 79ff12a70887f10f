"""What can be told from a snapshot of a page, without a browser."""
