"""notebooks/tour.ipynb runs, and is stored and shown as it should be."""

import re
from pathlib import Path
from typing import Any

import pytest
from configs import ROOT

import spikeloc
from spikeloc.config.parameters import RunParameters
from spikeloc.io.weight_files import write_weights

pytestmark = pytest.mark.long

TOUR = ROOT / "notebooks" / "tour.ipynb"
PAGE = ROOT / "docs" / "tour.md"

STRICT = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", "spikeloc was installed without its native core")
warnings.simplefilter("ignore", PendingDeprecationWarning)  # the kernel's own
"""
CHECKS = """
assert trained > 70, trained
assert deaf < 15, deaf
assert 100 >= best > trained, best
assert results.shape == (3, 2) and (results > 60).all(axis=None), results
assert results.loc[1, "free signs"] == trained
assert len(found) == 2
"""


def tour() -> Any:
    import nbformat  # here, as below: it takes a second, in each worker

    return nbformat.read(TOUR, as_version=4)


def test_it_runs_and_so_do_its_hints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell

    run = RunParameters()
    network = spikeloc.SpikingNetwork(run.network, run.stimulus, seed=[1, 2])
    weights = {name: each.numpy() for name, each in network.signed_weights().items()}
    for condition in ("free", "dale-0.5"):
        folder = tmp_path / "results/runs/baseline" / condition / "corrected"
        folder.mkdir(parents=True)
        metadata = {"parameters": run.model_dump(), "seeds": [1, 2], "networks": [1, 1]}
        write_weights(folder / "weights.safetensors", weights, metadata)
    (tmp_path / TOUR.parent.name).mkdir()
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))  # the user's own settings may do anything

    notebook = tour()
    text = "\n".join(each.source for each in notebook.cells if each.cell_type == "markdown")
    hints = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(hints) == 4
    added = [new_code_cell(code) for code in (CHECKS, *hints)]
    notebook.cells = [new_code_cell(STRICT), *notebook.cells, *added]
    place = {"metadata": {"path": str(tmp_path / TOUR.parent.name)}}
    NotebookClient(notebook, resources=place).execute()
    printed = notebook.cells[-1].outputs[0].text
    assert re.search(r"7\d\.\d+ tensor\(True\)", printed), printed


def test_it_is_stored_without_outputs_and_metadata() -> None:
    import nbformat

    notebook = tour()
    nbformat.validate(notebook)
    advice = "call `make format`"
    assert TOUR.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n", advice
    assert notebook.metadata == {"language_info": {"name": "python"}}, advice
    for cell in notebook.cells:
        assert not cell.metadata and not cell.get("outputs"), advice
        assert cell.get("execution_count") is None, advice


def test_its_page_shows_this_notebook_with_its_pictures() -> None:
    rest = PAGE.read_text(encoding="utf-8")
    pictures = re.findall(r"^!\[(.+)\]\((tour/.+\.png)\)$", rest, re.MULTILINE)
    for cell in tour().cells:
        assert cell.source in rest, "call `make tour`"
        rest = rest.partition(cell.source)[2]
    files = {PAGE.parent / name for _, name in pictures}
    assert files == {*PAGE.with_suffix("").iterdir()} and len(files) == 11
    assert sum(each.stat().st_size for each in files) < 1_000_000
    assert all(text != "png" for text, _ in pictures)
