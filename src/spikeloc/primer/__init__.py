"""The textbook neurons that the paper's introduction to the LIF model shows."""
