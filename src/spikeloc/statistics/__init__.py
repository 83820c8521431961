"""Inference over seeds: means, intervals, comparisons, and the columns of every table."""
