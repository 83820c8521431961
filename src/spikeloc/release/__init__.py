"""What leaves the machine: archive, crate, provenance, and the check that results come again."""
