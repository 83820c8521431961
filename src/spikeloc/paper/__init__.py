"""The paper: numbers, claims, printed values and their reproduction, and typesetting."""
