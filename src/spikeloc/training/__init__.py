"""Fitting ensembles of networks, tuning their learning rate, and searching for settings."""
