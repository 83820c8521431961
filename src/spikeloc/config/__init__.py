"""From YAML to checked runs: parameters, experiments, and what they expand to."""
