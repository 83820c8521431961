"""Browsers without a window that show one page: Chromium through its driver, and Firefox."""

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import websocket
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for name in BROWSERS if (path := shutil.which(name))), None)
DRIVER = shutil.which("chromedriver")
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
NO_CHROMIUM = "no Chromium or no chromedriver here (Debian: apt-get install chromium-driver)"
NO_FIREFOX = "no Firefox here (Debian: apt-get install firefox-esr)"
MAY_LACK = "SPIKELOC_BROWSERS" not in os.environ  # `make test-browser` sets it: then tests fail


needs_browser = pytest.mark.skipif(
    MAY_LACK and (BROWSER is None or DRIVER is None), reason=NO_CHROMIUM
)
needs_firefox = pytest.mark.skipif(MAY_LACK and FIREFOX is None, reason=NO_FIREFOX)
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",  # nothing moves on its way to be clicked
]


@contextmanager
def opened(page: Path, profile: Path) -> Iterator[Chrome]:
    """A browser with an empty profile that shows one page."""
    if BROWSER is None or DRIVER is None:
        pytest.fail(NO_CHROMIUM)
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for option in [*OPTIONS, f"--user-data-dir={profile}"]:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    # with a path of its own, selenium does not look for a driver to download
    browser = Chrome(options, ChromeService(DRIVER))
    browser.set_script_timeout(300)  # machines may be busy
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


def requested(browser: Chrome) -> list[str]:
    """Addresses that the page has asked for since this or the log was last asked for."""
    events = [json.loads(entry["message"])["message"] for entry in logged(browser, "performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def foreign(urls: list[str]) -> list[str]:
    """The addresses that are neither files of this machine nor part of a page."""
    return [url for url in urls if not url.startswith(("data:", "blob:", "file:"))]


@contextmanager
def opened_in_firefox(page: Path, profile: Path) -> Iterator["Firefox"]:
    """Firefox with an empty profile that shows one page."""
    if FIREFOX is None:
        pytest.fail(NO_FIREFOX)
    profile.mkdir()
    command = [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port", "0"]
    process = subprocess.Popen(
        [*command, "--profile", str(profile)],
        env=os.environ | {"HOME": str(profile)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        listening = (re.search(r"BiDi listening on (ws://\S+)", line) for line in process.stderr)
        address = next(found[1] for found in listening if found)
        # the pipe is read on, lest Firefox wait for a reader
        threading.Thread(target=process.stderr.read, daemon=True).start()
        connection = websocket.create_connection(
            f"{address}/session", suppress_origin=True, timeout=300
        )
        with closing(connection) as socket:
            yield Firefox(socket, page)
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


class Firefox:
    """Firefox spoken to by its own protocol, WebDriver BiDi: Debian has no geckodriver."""

    def __init__(self, socket: websocket.WebSocket, page: Path) -> None:
        self.socket = socket
        self.count = 0
        self.events: list[dict[str, Any]] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]
        self.call("browsingContext.navigate", context=self.context, url=page.as_uri(),
                  wait="complete")  # fmt: skip

    def call(self, method: str, **parameters: Any) -> Any:
        """The answer to a command; what happens meanwhile goes to ``events``."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.count:
            self.events.append(answer)
        assert "result" in answer, answer
        return answer["result"]

    def evaluate(self, expression: str) -> Any:
        """A string or number that an expression, perhaps a promise, gives in the page."""
        target = {"context": self.context}
        said = self.call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert said["type"] == "success", said
        return said["result"].get("value")
