"""Neurons, sign constraints, and the forward pass of an ensemble of networks."""
