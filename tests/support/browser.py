"""A headless Chromium, spoken to over two pipes in its own protocol (Chrome DevTools)."""

import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
OPTIONS += ["--no-first-run", "--disable-component-update", "--remote-debugging-pipe"]
PATIENCE_S = 120.0


def installed() -> str | None:
    """Path of a Chromium, if this machine has one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Page:
    """One page, what it asked the network for, and what went wrong in it."""

    into: int
    out: int
    session: str = ""
    number: int = 0
    pending: bytes = b""
    requested: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    loaded: bool = False

    def open(self, url: str) -> None:
        """Go to ``url`` and wait until it is loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=url)
        while not self.loaded:
            self._receive()

    def evaluate(self, script: str) -> Any:
        """The value of an expression of JavaScript; a promise is waited for."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def call(self, method: str, **parameters: Any) -> Any:
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.into, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def _receive(self) -> dict[str, Any]:
        """The next message; what happened in the page is noted."""
        deadline = time.monotonic() + PATIENCE_S
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.out], [], [], deadline - time.monotonic())
            assert ready, "the browser does not answer"
            part = os.read(self.out, 1 << 20)
            assert part, "the browser has ended"
            self.pending += part
        text, self.pending = self.pending.split(b"\0", 1)
        message: dict[str, Any] = json.loads(text)
        about = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requested.append(about["request"]["url"])
            case "Runtime.exceptionThrown":
                self.problems.append(str(about["exceptionDetails"]))
            case "Log.entryAdded" if about["entry"]["level"] == "error":
                self.problems.append(str(about["entry"]))
            case "Page.loadEventFired":
                self.loaded = True
        return message


@contextmanager
def page(url: str, profile: Path) -> Iterator[Page]:
    """Start the browser with an empty profile, open ``url``, and end the browser afterwards."""
    program = installed()
    assert program is not None
    ends = [*os.pipe(), *os.pipe()]
    # above those that the browser wants them to be: 3 to read from, 4 to write to
    theirs_in, ours_in, ours_out, theirs_out = (
        fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends
    )
    for end in ends:
        os.close(end)

    def connect() -> None:
        os.dup2(theirs_in, 3)
        os.dup2(theirs_out, 4)

    command = [program, *OPTIONS, f"--user-data-dir={profile}"]
    with subprocess.Popen(
        command, preexec_fn=connect, close_fds=False, stderr=subprocess.DEVNULL
    ) as process:
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            opened = Page(ours_in, ours_out)
            opened.open(url)
            yield opened
        finally:
            process.kill()
            os.close(ours_in)
            os.close(ours_out)
