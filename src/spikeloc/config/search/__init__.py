"""The search for good settings: what a config says of it, and the runs that it tries."""
