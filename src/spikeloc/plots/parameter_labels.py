"""Names of parameters as labels of axes and in captions."""

UNITS = {"ms": "ms", "hz": "Hz", "deg": "°"}
# Labels of parameters whose names are not clear enough.
LABELS = {
    "rate_max_hz": "Largest firing rate (spikes/s)",
    "noise_sd": "Noise, sd (thresholds)",
    "rate_penalty.min_hz": "Lowest hidden rate without penalty (spikes/s)",
    "rate_penalty.max_hz": "Highest hidden rate without penalty (spikes/s)",
    "rate_penalty.weight": "Weight of the penalty on hidden rates",
    "weight_noise_sd": "Noise on weights (relative sd)",
    "hidden_lesion_share": "Share of hidden units silenced",
    "input_lesion_share": "Share of inputs silenced",
    "w1.inhibitory_fraction": "Inhibitory fraction of inputs",
    "w2.inhibitory_fraction": "Inhibitory fraction of hidden units",
}


def readable(parameter: str) -> str:
    """A parameter's name as an axis label: "tau_ms" becomes "Tau (ms)"."""
    if parameter in LABELS:
        return LABELS[parameter]
    words = parameter.split("_")
    unit = f" ({UNITS[words.pop()]})" if words[-1] in UNITS else ""
    return " ".join(words).capitalize() + unit
