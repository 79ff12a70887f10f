"""What is done on an open page."""
