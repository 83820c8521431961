"""Panels of the paper: `render` makes one, every other module draws one or is shared by several."""
