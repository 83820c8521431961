"""Snakemake's report of the quick run, looked at in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import foreign, logged, needs_browser, opened, requested
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.wait import WebDriverWait
from workflow_project import QUICK, Project

pytestmark = needs_browser
# Puts one result's picture into the page as a click does, and says how wide it is once drawn.
SHOW = """return (async path => {
  app.showResultInfo(path);
  app.setView({content: "img", contentPath: results[path].data_uri, resultPath: path});
  await new Promise(done => setTimeout(done, 20));
  const wanted = results[path].data_uri;
  const image = [...document.querySelectorAll("img")].find(each => each.src == wanted);
  await image.decode();
  return image.naturalWidth;
})(arguments[0])"""


@pytest.fixture(scope="module")
def report(quick: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    folder = tmp_path_factory.mktemp("report")
    run = quick.snakemake(*QUICK, "--report", str(folder / "report.html"))
    assert run.returncode == 0, run.stdout[-3000:]
    with opened(folder / "report.html", folder / "profile") as browser:
        yield browser


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
    quick: Project, report: Chrome, category: str, label: str, folder: str, suffix: str
) -> None:
    results, categories = report.execute_script("return [results, categories]")
    paths = [path for each in categories[category].values() for path in each]
    assert {results[path]["labels"][label] for path in paths} == named(quick, folder, suffix)
    captions = {path: results[path]["caption"] for path in paths}
    assert all(caption.startswith("<p>") and len(caption) > 20 for caption in captions.values())
    assert len(set(captions.values())) == len(captions)


def test_every_figure_loads(quick: Project, report: Chrome) -> None:
    results = report.execute_script("return results")
    figures = [path for path in results if path.endswith(".svg")]
    assert {Path(path).stem for path in figures} == named(quick, "figures/quick", "svg")
    for path in figures:
        assert report.execute_script(SHOW, path) > 100, path


def test_figures_are_found_by_clicks(report: Chrome) -> None:
    report.find_elements(By.XPATH, "//*[normalize-space()='Figures']")[-1].click()
    WebDriverWait(report, 10).until(
        expected.text_to_be_present_in_element((By.ID, "app"), "dale_ratio_test")
    )


def test_nothing_is_asked_of_the_network(report: Chrome) -> None:
    assert [entry for entry in logged(report, "browser") if entry["level"] == "SEVERE"] == []
    urls = requested(report)
    assert foreign(urls) == []
    assert sum(url.startswith("file:") for url in urls) == 1  # the report itself


def test_a_request_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<img src='http://127.0.0.1:9/pixel.png'>")
    with opened(tmp_path / "page.html", tmp_path / "profile") as browser:
        assert "http://127.0.0.1:9/pixel.png" in requested(browser)
