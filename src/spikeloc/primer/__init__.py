"""The textbook neurons of the paper's introduction to the LIF model."""
