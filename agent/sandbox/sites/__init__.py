"""The simulated sites, one folder each."""
