"""From an interaural phase difference to the spikes of two ears."""
