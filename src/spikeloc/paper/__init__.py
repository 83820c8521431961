"""The paper: its numbers, its claims, what the notebooks printed, and the typesetter."""
