"""Start scripts as copies of a process that has imported their libraries already.

A new interpreter takes one second to import what draws a figure, and more than two to import torch;
a copy of a process (``fork``) has them at once. The standard library's fork server imports the main
module again in each copy, and does not run a script as a program with an exit code of its own.

The copies are made by a process of their own, which has one thread: a copy of a process with
several may wait for ever for a lock that a thread of the original held.
"""

import atexit
import gc
import importlib
import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from spikeloc.io.sources import PACKAGE, needed_files

IMPORT = re.compile(r"^[ \t]*(?:from ([\w.]+) import |import ([\w.]+))", re.MULTILINE)
MOST_BYTES = 1 << 16  # of a request


@dataclass(frozen=True)
class Started:
    """A process that runs a script, as the maker of the copies reports it."""

    pid: int
    reports: socket.socket

    def wait(self) -> int:
        """Wait for the end of the script; its exit code, or minus the number of the signal that
        killed it."""
        with self.reports:
            return _received(self.reports)


class ForkServer:
    """Starts scripts, also from several threads at once. The process that makes the copies begins
    with the first script and ends with this one."""

    def __init__(self) -> None:
        self._maker: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        self._lock = threading.Lock()

    def start(
        self, script: str | Path, libraries: Iterable[str], environment: Mapping[str, str]
    ) -> Started:
        """Run a script in a process of its own, as ``python script`` would.

        Args:
            script: path of a Python file.
            libraries: full names of modules that are imported before the process is copied. They
                stay there for all later scripts.
            environment: variables that the script needs besides those of this process.

        Raises:
            EOFError: the process that makes the copies was killed meanwhile.
        """
        parts = {
            "script": str(script),
            "libraries": list(libraries),
            "environment": dict(environment),
        }
        reports, theirs = _socket_pair()
        try:
            with theirs, self._lock:
                try:
                    self._send(json.dumps(parts), theirs)
                except BrokenPipeError:  # the process that makes the copies was killed
                    self.close()
                    self._send(json.dumps(parts), theirs)
            return Started(_received(reports), reports)
        except BaseException:
            reports.close()
            raise

    def close(self) -> None:
        """End the process that makes the copies. Scripts that run go on."""
        if self._maker and self._requests:
            self._requests.close()
            self._maker.wait()
            self._maker = None

    def _send(self, request: str, theirs: socket.socket) -> None:
        if not self._maker or not self._requests:
            self._requests, served = _socket_pair()
            with served:
                # -P: a module is not looked for in the current folder
                command = [sys.executable, "-P", "-m", __name__, str(served.fileno())]
                self._maker = subprocess.Popen(command, pass_fds=[served.fileno()])
        socket.send_fds(self._requests, [request.encode()], [theirs.fileno()])


def needed_libraries(script: str | Path, modules: Iterable[str] = ()) -> list[str]:
    """Full names of the libraries' modules that a script, or a module of this package that it
    needs, imports anywhere.

    Args:
        script: path of a Python file.
        modules: full names of modules that the script imports by a computed name.
    """
    paths = [Path(script), *needed_files(script, modules)]
    texts = (path.read_text(encoding="utf-8") for path in paths if path.suffix == ".py")
    names = {first or second for text in texts for first, second in IMPORT.findall(text)}
    own = sys.stdlib_module_names | {PACKAGE.name}
    return sorted(name for name in names if name.split(".")[0] not in own)


def _socket_pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)  # keeps messages apart


def _received(reports: socket.socket) -> int:
    message = reports.recv(MOST_BYTES)
    if not message:
        raise EOFError("the process that starts scripts was killed")
    return int(message)


def _serve(requests: socket.socket) -> str:
    """Copy this process for each request until there can be no more, and then exit. Only the copies
    return, with the script that they are to run."""
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the scripts
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a copy that has ended leaves nothing behind
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, MOST_BYTES, 1)
        if not message:
            sys.exit()
        request = json.loads(message)
        for name in request["libraries"]:
            with suppress(Exception):  # which the script will report, if it comes so far
                importlib.import_module(name)
        gc.freeze()  # the copies need not look through what they share
        if not os.fork():
            break
        os.close(descriptors[0])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with requests, socket.socket(fileno=descriptors[0]) as reports:
        if script := os.fork():  # this copy waits for the script, and the next one runs it
            reports.send(str(script).encode())
            _, status = os.waitpid(script, 0)
            reports.send(str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)
    signal.signal(signal.SIGINT, interrupted)
    os.environ.update(request["environment"])
    return str(request["script"])


if __name__ == "__main__":
    path = _serve(socket.socket(fileno=int(sys.argv[1])))
    sys.argv[:] = [path]
    runpy.run_path(path, run_name="__main__")
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # Python takes half a second to free all modules one by one
