"""The page to play with, ``figures/explorer.html``: its HTML, style sheet and JavaScript."""
