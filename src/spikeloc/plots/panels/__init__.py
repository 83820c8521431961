"""The panels, one in each file."""
