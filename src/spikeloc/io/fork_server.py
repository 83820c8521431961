"""Start scripts as copies of a process that has imported their libraries already.

A new interpreter takes one second to import what draws a figure, and more than two to import
torch; a copy of a process (``fork``) has them at once. The copies are made by a process of their
own, which has one thread: a copy of a process with several may wait for ever for a lock that a
thread of the original held. The standard library's fork server imports the main module again in
each copy, and does not run a script as a program with an exit code of its own.

A script does what it does as ``python script``, except that

- what a library prints when it is imported goes to the terminal, once, not to the logs of jobs;
- the traceback of an error begins with lines of :mod:`runpy`;
- variables that a library reads when it is imported are those of the first script.
"""

import atexit
import gc
import importlib
import json
import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from spikeloc.io.sources import PACKAGE, needed_files

IMPORT = re.compile(r"^[ \t]*(?:from ([\w.]+) import |import ([\w.]+))", re.MULTILINE)
MOST_BYTES = 1 << 16  # of a message


class Script(Protocol):
    """The script of a job, as Snakemake knows it."""

    params: Mapping[str, Any]
    resources: Any  # with the folder for temporary files, `tmpdir`
    container_img: str | None
    bench_record: Any  # what is measured of the process


@dataclass(frozen=True)
class Started:
    """A process that runs a script."""

    pid: int
    reports: socket.socket

    def wait(self) -> int:
        """Wait for the end of the script; its exit code, or minus the number of the signal that
        killed it. The process can be looked at until then, even if it has ended."""
        with self.reports:
            return _received(self.reports)


class ForkServer:
    """Starts scripts, also from several threads at once. The process that makes the copies begins
    with the first script, and ends when the process that has this object ends."""

    def __init__(self) -> None:
        self._maker: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        self._lock = threading.Lock()

    def start(
        self, script: str | Path, libraries: Iterable[str], environment: Mapping[str, str]
    ) -> Started:
        """Run a script in a process of its own.

        Args:
            script: path of a Python file.
            libraries: full names of modules that are imported before the process is copied. They
                stay there for all later scripts.
            environment: variables of this script, besides those that this process had when the
                first script was started.

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
                except ConnectionError:  # the process that makes the copies was killed
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


def starter(
    server: ForkServer,
    in_container: Callable[[Any, str, bool], None],
    measured: Callable[[int, Any], AbstractContextManager[object]],
) -> Callable[[Any, str, bool], None]:
    """The method that runs the script of a job. It is made here because Snakemake takes a function
    of one of its own files for the place of the error if a job fails.

    Args:
        server: starts the scripts.
        in_container: the method that runs the script of a job in a container.
        measured: measures the process of a number, in a ``with`` block, for a record.
    """

    def execute_script(script: Script, path: str, edit: bool = False) -> None:
        if script.container_img:
            in_container(script, path, edit)
            return
        module = script.params.get("module")  # that the script imports by its name
        libraries = needed_libraries(path, [module] if module else [])
        names = ("TMPDIR", "TMP", "TEMPDIR", "TEMP")
        job = server.start(path, libraries, dict.fromkeys(names, str(script.resources.tmpdir)))
        with measured(job.pid, script.bench_record):
            status = job.wait()
        if status:
            raise subprocess.CalledProcessError(status, path)

    return execute_script


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
        raise EOFError("a process that starts or watches scripts was killed")
    return int(message)


def _serve(requests: socket.socket) -> str:
    """Copy this process for each request until there can be no more, and then exit. Only the copies
    return, with the script that they are to run."""
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends this process without a word
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, MOST_BYTES, 1)
        if not message:
            sys.exit()
        request = json.loads(message)
        for name in request["libraries"]:
            with suppress(Exception):  # which the script will report, if it comes so far
                importlib.import_module(name)
        _flush()  # or each copy would print it
        gc.freeze()  # the copies need not look through what they share
        _forget_ended_copies()
        if not os.fork():
            break
        os.close(descriptors[0])
    requests.close()
    with socket.socket(fileno=descriptors[0]) as reports:
        if script := os.fork():  # this copy watches the next one, which runs the script
            _watch(script, reports)
    signal.signal(signal.SIGINT, interrupted)
    os.environ.update(request["environment"])
    return str(request["script"])


def _forget_ended_copies() -> None:
    with suppress(ChildProcessError):  # there are none
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _watch(script: int, reports: socket.socket) -> None:
    """Report the number and the exit code of the process of a script, and exit."""
    for number in (signal.SIGINT, signal.SIGTERM):  # which are for the script
        signal.signal(number, signal.SIG_IGN)
    with suppress(ConnectionError):  # nobody waits any more
        reports.send(str(script).encode())
    ended = os.waitid(os.P_PID, script, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
    with suppress(ConnectionError):
        reports.send(str(status).encode())
        reports.recv(1)  # until nobody needs the process any more
    os.waitpid(script, 0)
    os._exit(0)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream and not stream.closed:
            stream.flush()


def _run(path: str) -> None:
    """Run a script as Python does, and exit if all went well."""
    # Without a home folder, matplotlib has a temporary folder, which all copies use.
    atexit.unregister(shutil.rmtree)
    sys.argv[:] = [path]
    runpy.run_path(path, run_name="__main__")
    threading._shutdown()  # type: ignore[attr-defined]  # wait for threads
    atexit._run_exitfuncs()
    with suppress(OSError):  # of a full disk, which Python will report in its own way
        _flush()
        os._exit(0)  # Python takes half a second to free all modules one by one


if __name__ == "__main__":
    _run(_serve(socket.socket(fileno=int(sys.argv[1]))))
