"""A config that trains four networks of five units in a few seconds."""

from pathlib import Path

from workflow_project import Project

TINY = """
name: tiny
seeds: [1, 2]
stimulus: {fibres_per_ear: 10}
network: {hidden_units: 5}
training: {training_samples: 40, validation_samples: 20, test_samples: 20, batch_size: 16,
  epochs: 2}
ideal_observer: {samples: 200}
recipes:
  dale: {network: {w1: {signs: dale}, w2: {signs: dale}}}
variants:
  corrected: {stimulus: {phase: per_sample}}
experiments:
  fraction:
    recipe: dale
    nesting: {corrected: {networks: 2, shared: [training]}}
    variants: [corrected]
    vary: network.w1.inhibitory_fraction
    values: [0, 0.5]
"""
RUN = ("--cores", "2", "--configfile", "tiny.yaml")


def tiny_project(folder: Path) -> Project:
    """A copy of the project with this config in it."""
    project = Project.copy_to(folder)
    (project.folder / "tiny.yaml").write_text(TINY)
    return project
