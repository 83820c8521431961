"""Snakemake's report of the quick run, looked at in a browser."""

from collections.abc import Iterator
from pathlib import Path

import browser
import pytest
from workflow_project import QUICK, Project

pytestmark = pytest.mark.skipif(
    browser.installed() is None,
    reason="no Chromium here (Debian: apt-get install chromium-headless-shell)",
)
# Puts one result's picture into the page as a click does, and says how wide it is once drawn.
SHOW = """(async path => {
  app.showResultInfo(path);
  app.setView({content: "img", contentPath: results[path].data_uri, resultPath: path});
  await new Promise(done => setTimeout(done, 20));
  const wanted = results[path].data_uri;
  const image = [...document.querySelectorAll("img")].find(each => each.src == wanted);
  await image.decode();
  return image.naturalWidth;
})"""
CLICK = """(async words => {
  const wait = () => new Promise(done => setTimeout(done, 100));
  for (const word of words) {
    const found = [...document.querySelectorAll("a, button, li")];
    const link = found.filter(each => each.textContent.trim() == word).pop();
    if (!link) return "no " + word + " in " + found.map(each => each.textContent).join("|");
    link.click();
    await wait();
  }
  return document.querySelector("#app").innerText;
})"""


@pytest.fixture(scope="module")
def report(quick: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Page]:
    folder = tmp_path_factory.mktemp("report")
    run = quick.snakemake(*QUICK, "--report", str(folder / "report.html"))
    assert run.returncode == 0, run.stdout[-3000:]
    with browser.page((folder / "report.html").as_uri(), folder / "profile") as page:
        yield page


def named(quick: Project, folder: str, suffix: str) -> set[str]:
    return {path.stem for path in (quick.folder / folder).glob(f"*.{suffix}")}


@pytest.mark.parametrize(
    ("category", "label", "folder", "suffix"),
    [
        ("Figures", "panel", "figures/quick", "svg"),
        ("Tables", "table", "results/quick/tables", "csv"),
    ],
)
def test_every_panel_and_table_has_category_label_and_caption(
    quick: Project, report: browser.Page, category: str, label: str, folder: str, suffix: str
) -> None:
    results = report.evaluate("results")
    paths = [path for each in report.evaluate("categories")[category].values() for path in each]
    assert {results[path]["labels"][label] for path in paths} == named(quick, folder, suffix)
    captions = {path: results[path]["caption"] for path in paths}
    assert all(caption.startswith("<p>") and len(caption) > 20 for caption in captions.values())
    assert len(set(captions.values())) == len(captions)


def test_every_figure_loads(quick: Project, report: browser.Page) -> None:
    results = report.evaluate("results")
    figures = [path for path in results if path.endswith(".svg")]
    assert {Path(path).stem for path in figures} == named(quick, "figures/quick", "svg")
    for path in figures:
        assert report.evaluate(f"{SHOW}({path!r})") > 100, path


def test_figures_are_found_by_clicks(report: browser.Page) -> None:
    shown = report.evaluate(f"{CLICK}(['Figures'])")
    assert "dale_ratio_test" in shown, shown


def test_nothing_is_asked_of_the_network(report: browser.Page) -> None:
    report.evaluate("document.title")
    assert report.problems == []
    assert [
        url for url in report.requested if not url.startswith(("data:", "blob:", "file:"))
    ] == []
    assert sum(url.startswith("file:") for url in report.requested) == 1  # the report itself


def test_a_request_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<img src='http://127.0.0.1:9/pixel.png'>")
    with browser.page((tmp_path / "page.html").as_uri(), tmp_path / "profile") as page:
        assert "http://127.0.0.1:9/pixel.png" in page.requested
