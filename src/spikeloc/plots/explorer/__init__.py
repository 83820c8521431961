"""The interactive page, ``figures/explorer.html``: its HTML, style sheet and JavaScript."""
