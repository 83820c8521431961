"""A browser without a window that shows one page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for name in BROWSERS if (path := shutil.which(name))), None)
DRIVER = shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    BROWSER is None or DRIVER is None,
    reason="no Chromium or no chromedriver here (Debian: apt-get install chromium-driver)",
)
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def opened(page: Path, profile: Path) -> Iterator[Chrome]:
    """A browser with an empty profile that shows one page."""
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for option in [*OPTIONS, f"--user-data-dir={profile}"]:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    # with a path of its own, selenium does not look for a driver to download
    browser = Chrome(options, ChromeService(DRIVER))
    try:
        browser.get("about:blank")  # away from the browser's own first page, and forget it
        for kind in ("performance", "browser"):
            logged(browser, kind)
        browser.get(page.as_uri())
        yield browser
    finally:
        browser.quit()


def logged(browser: Chrome, kind: str) -> Any:
    """What was logged since this was last asked for."""
    return browser.get_log(kind)  # type: ignore[no-untyped-call]
