"""The best that any decoder can do with the spikes, and a localiser that is built by hand."""
