"""Evidence of what was done: where it is kept, and how it is taken."""
