"""The kinds of tuning curves of units, as they are drawn and named."""

from spikeloc.plots import style

# Peaks and dips have the colours of the signs of weights.
COLOURS = {
    "peak": style.SIGNS["excitatory"],
    "dip": style.SIGNS["inhibitory"],
    "flank": "#8DA0A8",
    "other": style.PALE,
    "silent": style.INK,
}
NAMES = {
    "peak": "peak",
    "dip": "dip",
    "flank": "one flank",
    "other": "no Gaussian",
    "silent": "silent",
}
