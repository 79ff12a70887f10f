"""Pages that are open in a browser."""
