"""A title, a label or a caption that looks like markup is text in Snakemake's report."""

import json
import shutil
from pathlib import Path

from browser import logged, needs_browser, opened
from tiny_project import RUN, TINY
from workflow_project import Project

HOSTILE = """</script><script>window.changed = 1</script><!--<script> |x| `y <javascript:z>`_ \\"""
FIGURE = "figures/tiny/fraction.svg"
# Shows the caption and the parameters of one result, as a click does.
SHOW = """app.showResultInfo(arguments[0]);
return new Promise(done => setTimeout(() => done(document.body.innerText), 100))"""


@needs_browser
def test_texts_of_users_are_text_in_the_report(once: Project, tmp_path: Path) -> None:
    shutil.copytree(once.folder, tmp_path / "copy")
    project = Project(tmp_path / "copy")
    wanted = json.dumps({"title": f"{HOSTILE} title", "xlabel": f"{HOSTILE} label"})
    panel = f"    panel: {{fraction: {wanted}}}\n    recipe: dale\n"
    (project.folder / "tiny.yaml").write_text(TINY.replace("    recipe: dale\n", panel))
    run = project.snakemake(*RUN)
    assert run.returncode == 0, run.stdout[-3000:]
    run = project.snakemake(*RUN, "--report", str(tmp_path / "report.html"))
    assert run.returncode == 0, run.stdout[-3000:]
    with opened(tmp_path / "report.html", tmp_path / "profile") as browser:
        shown = browser.execute_script(SHOW, FIGURE)
        for text in (f"{HOSTILE} title: Test accuracy", f"against {HOSTILE} label"):
            assert text in " ".join(shown.split())
        assert browser.execute_script("return window.changed") is None
        assert [entry for entry in logged(browser, "browser") if entry["level"] == "SEVERE"] == []
