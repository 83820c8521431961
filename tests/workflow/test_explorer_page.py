"""The interactive page of the quick run, used as a reader would, in Chromium and in Firefox."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import (
    foreign,
    logged,
    needs_browser,
    needs_firefox,
    opened,
    opened_in_firefox,
    requested,
)
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from workflow_project import Project

from spikeloc import LocalisationDataset, evaluate, load_run
from spikeloc.networks.loaded_run import LoadedRun

PAGE = "figures/quick/explorer.html"
TABLES = "results/quick/tables"
RUN = "inhibition_placement/w1_positive/corrected"
NAMES = dict(zip(("experiment", "condition", "variant"), RUN.split("/"), strict=True))


@pytest.fixture(scope="module")
def browser(quick: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with opened(quick.folder / PAGE, tmp_path_factory.mktemp("explorer") / "profile") as started:
        started.set_window_size(1300, 900)
        yield started


def find(browser: Chrome, name: str) -> WebElement:
    return browser.find_element(By.ID, name)


def text(browser: Chrome, name: str) -> str:
    return str(find(browser, name).get_property("textContent"))


def choose(browser: Chrome, name: str, chosen: str) -> None:
    Select(find(browser, name)).select_by_visible_text(chosen)


def click(browser: Chrome, name: str) -> None:
    element = find(browser, name)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def waited(browser: Chrome, *, until: Any) -> Any:
    return WebDriverWait(browser, 300, poll_frequency=0.05).until(until)


def rows(quick: Project, table: str, metric: str | None = None) -> pd.DataFrame:
    """The rows of this run in a table."""
    frame = pd.read_csv(quick.folder / TABLES / f"{table}.csv")
    own = frame[(frame[list(NAMES)] == pd.Series(NAMES)).all(axis=1)]
    return own if metric is None else own[own["metric"] == metric]


@pytest.fixture(scope="module")
def trained(quick: Project) -> LoadedRun:
    return load_run(quick.folder / "results/quick/runs" / RUN)


@pytest.fixture(scope="module")
def accuracies(trained: LoadedRun) -> tuple[float, float]:
    """Of seed 1 on its test data: whole, and without the hidden units 3 and 4."""
    stimulus = trained.parameters.stimulus
    samples = trained.parameters.training.test_samples
    data = LocalisationDataset(stimulus, samples=samples, seed=1, purpose="test")
    whole = trained[1]
    lesioned = whole.lesion(hidden=[3, 4])
    return evaluate(whole, data).accuracy().item(), evaluate(lesioned, data).accuracy().item()


def tally(browser: Chrome) -> float:
    """The accuracy that the page has counted, once it has counted all trials."""
    waited(
        browser,
        until=lambda b: (
            "Of single units" in text(b, "tally") or "costs nothing" in text(b, "tally")
        ),
    )
    found = re.match(r"([\d.]+) % \[", text(browser, "tally"))
    assert found
    return float(found[1])


@needs_browser
class TestChromium:
    def test_a_network_is_chosen_by_its_name(self, quick: Project, browser: Chrome) -> None:
        choose(browser, "condition", "W1+")
        own = rows(quick, "runs").query("seed == 1")["test_accuracy"].item()
        n, mean, low, high = rows(quick, "summary", "test_accuracy")[
            ["n", "mean", "ci95_low", "ci95_high"]
        ].iloc[0]
        facts = text(browser, "facts")
        assert f"in the table: {own:.1f} %." in facts and "W1: all positive" in facts
        assert f"Mean of {n:.0f} seeds: {mean:.1f} % [{low:.1f}, {high:.1f}]." in facts

    def test_all_test_stimuli_give_the_accuracy_of_the_table(
        self, browser: Chrome, accuracies: tuple[float, float]
    ) -> None:
        choose(browser, "count", "256")
        click(browser, "run-all")
        assert tally(browser) == pytest.approx(accuracies[0], abs=0.051)
        assert "all 256 of the network’s own test stimuli" in text(browser, "tally")
        for name in ("running", "confusion", "units"):
            assert find(browser, name).find_elements(By.TAG_NAME, "svg")

    def test_silenced_units_are_those_of_a_lesion(
        self, browser: Chrome, accuracies: tuple[float, float]
    ) -> None:
        hidden = find(browser, "hidden")
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", hidden)
        height = hidden.size["height"]
        ActionChains(browser).move_to_element_with_offset(
            hidden, 0, round(3.5 * 13 - height / 2)
        ).click().perform()
        assert "silenced: 3." in str(hidden.get_attribute("aria-label"))
        hidden.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
        assert "silenced: 3, 4." in str(hidden.get_attribute("aria-label"))
        assert "with 2 units silenced" in text(browser, "tally")
        assert tally(browser) == pytest.approx(accuracies[1], abs=0.051)
        click(browser, "restore")
        assert "silenced: none." in str(hidden.get_attribute("aria-label"))

    def test_the_verdict_follows_the_sound(self, browser: Chrome) -> None:
        slider = find(browser, "slider-ipd")
        slider.send_keys(Keys.HOME)
        assert "The left ear leads by 90°, 12.5 ms." in text(browser, "verdict")
        assert "has changed: run again" in text(browser, "tally")
        slider.send_keys(Keys.END)
        assert "The right ear leads by 90°" in text(browser, "verdict")
        before = find(browser, "inputs").get_attribute("aria-label")
        click(browser, "new-spikes")
        assert find(browser, "inputs").get_attribute("aria-label") != before
        find(browser, "slider-noise").send_keys(Keys.ARROW_RIGHT)
        assert find(browser, "untrained").is_displayed()
        click(browser, "as-trained")
        assert not find(browser, "untrained").is_displayed()

    def test_time_plays_pauses_and_steps(self, browser: Chrome) -> None:
        assert text(browser, "clock") == "100 of 100 ms"
        click(browser, "play")
        waited(browser, until=lambda b: re.match(r"[2-9] of", text(b, "clock")))
        click(browser, "play")
        now = int(text(browser, "clock").split()[0])
        assert "So far, after" in text(browser, "verdict")
        click(browser, "forward")
        assert text(browser, "clock") == f"{now + 1} of 100 ms"
        find(browser, "time").send_keys(Keys.END)
        assert "So far" not in text(browser, "verdict")

    def test_the_table_has_the_numbers_of_the_summary(
        self, quick: Project, browser: Chrome
    ) -> None:
        choose(browser, "experiment", "Place of inhibition")
        choose(browser, "metric", "Test accuracy (%)")
        n, mean, low, high = rows(quick, "summary", "test_accuracy")[
            ["n", "mean", "ci95_low", "ci95_high"]
        ].iloc[0]
        cells = browser.execute_script(
            "return [...document.querySelectorAll('#table tbody tr')]"
            ".map((row) => [...row.cells].map((cell) => cell.textContent))"
        )
        (own,) = [row for row in cells if row[:2] == ["W1+", "corrected"]]
        assert own[3:5] == [f"{n:.0f}", f"{mean:.1f} [{low:.1f}, {high:.1f}]".replace("-", "−")]
        difference = rows(quick, "comparisons", "test_accuracy").iloc[0]
        assert own[5].startswith(f"{difference['mean']:+.1f} [".replace("-", "−"))
        assert own[6] == f"{difference['p_holm']:.3f}"
        assert len(cells) == 6

    @pytest.mark.parametrize("view", ["means", "scatter"])
    def test_pointing_names_a_network_and_a_click_opens_it(
        self, browser: Chrome, view: str
    ) -> None:
        choose(browser, "condition", "Free signs")
        mark = find(browser, view).find_elements(By.TAG_NAME, "circle")[0]
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", mark)
        ActionChains(browser).move_to_element(mark).perform()
        waited(browser, until=lambda b: "seed" in text(b, "pointed"))
        assert re.match(r"\+/-, published, seed \d", text(browser, "pointed"))
        assert browser.find_elements(By.CSS_SELECTOR, ".ring, #table tr.chosen")
        ActionChains(browser).click().perform()
        assert Select(find(browser, "condition")).first_selected_option.text == "+/-"
        assert "This page does not hold seed" in text(browser, "notice")

    def test_every_experiment_and_metric_is_drawn(self, browser: Chrome) -> None:
        browser.execute_script(
            "for (const id of ['experiment', 'metric']) {"
            "  const select = document.getElementById(id);"
            "  for (const { value } of select.options) { select.value = value; select.onchange(); }"
            "}"
        )
        assert find(browser, "means").find_elements(By.TAG_NAME, "svg")

    @pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1440, 900)])
    def test_it_fits_every_screen(self, browser: Chrome, size: tuple[int, int]) -> None:
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= size[0]
        assert 200 < find(browser, "inputs").size["width"] < size[0]

    def test_light_and_dark(self, browser: Chrome) -> None:
        papers = []
        for _ in range(2):
            click(browser, "theme")
            papers.append(browser.execute_script(
                "return getComputedStyle(document.body).backgroundColor"))  # fmt: skip
        assert len(set(papers)) == 2

    def test_nothing_is_wrong_and_nothing_is_asked_of_the_network(self, browser: Chrome) -> None:
        assert [entry for entry in logged(browser, "browser") if entry["level"] == "SEVERE"] == []
        urls = requested(browser)
        assert foreign(urls) == []
        assert sum(url.startswith("file:") for url in urls) == 1


COUNT = """new Promise((done) => {
  const byName = (name) => document.getElementById(name);
  const select = byName("condition");
  select.value = [...select.options].find((option) => option.text === "W1+").value;
  select.onchange();
  byName("count").value = "256";
  byName("run-all").click();
  const timer = setInterval(() => {
    if (!/Of single units|costs nothing/.test(byName("tally").textContent)) return;
    clearInterval(timer);
    done(byName("tally").textContent);
  }, 100);
})"""


@needs_firefox
def test_firefox_counts_the_same(
    quick: Project, accuracies: tuple[float, float], tmp_path: Path
) -> None:
    with opened_in_firefox(quick.folder / PAGE, tmp_path / "profile") as browser:
        counted = float(browser.evaluate(COUNT).split(" %")[0])
        assert counted == pytest.approx(accuracies[0], abs=0.051)
        assert browser.evaluate("document.querySelectorAll('#means svg').length") >= 1
        wrong = [each["params"] for each in browser.events if each["method"] == "log.entryAdded"]
        assert [each for each in wrong if each["level"] == "error"] == []
        urls = [each["params"]["request"]["url"] for each in browser.events
                if each["method"] == "network.beforeRequestSent"]  # fmt: skip
        assert foreign(urls) == []


def test_the_page_is_small(quick: Project) -> None:
    assert (quick.folder / PAGE).stat().st_size < 4_000_000
