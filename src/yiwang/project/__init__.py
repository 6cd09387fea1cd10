"""Settings, addresses and the entry points of the processes: the only floor that knows all others."""
