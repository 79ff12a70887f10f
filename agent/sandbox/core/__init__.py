"""What all simulated sites share: their memory, faults, the log of what was sent, and parts of pages."""
