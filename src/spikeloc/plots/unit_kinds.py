"""The kinds of tuning curves of units, as they are drawn and named."""

from spikeloc.plots import style

# Not those of excitation and inhibition: units of either sign may have a peak or a dip.
COLOURS = {
    "peak": "#117733",
    "dip": "#CC6677",
    "flank": "#8DA0A8",
    "other": "#E8DCC0",
    "silent": style.INK,
}
NAMES = {
    "peak": "peak",
    "dip": "dip",
    "flank": "one flank",
    "other": "no Gaussian",
    "silent": "silent",
}
