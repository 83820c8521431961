"""How good networks are: accuracy, errors, information, and measures of their weights."""
