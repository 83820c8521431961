"""What trained networks have learned: tuning, timing, evidence, and the starting phase."""
