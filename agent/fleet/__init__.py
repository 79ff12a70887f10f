"""Where: the processes that share the schedule, on however many machines."""
