"""Shared drawing of all figures; each panel is a file of its own in ``panels``."""
