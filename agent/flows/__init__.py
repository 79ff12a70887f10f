"""What is done on the sites: log in, look up, confirm, file, request the refund, and the sync that joins them."""
