"""A script that is started as a copy of a process does what ``python script`` does."""

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from configs import ROOT

from spikeloc.io.fork_server import ForkServer, needed_libraries
from spikeloc.io.sources import needed_files

SCRIPTS = sorted((ROOT / "workflow" / "scripts").glob("*.py"))


@pytest.fixture
def server() -> Iterator[ForkServer]:
    with closing(ForkServer()) as server:
        yield server


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.py"


def outcome(server: ForkServer, script: Path, text: str, **environment: str) -> int:
    script.write_text(text)
    return server.start(script, ["numpy"], environment).wait()


def wait_for_end(pid: int) -> None:
    """Wait for the end of a process that is no child of this one."""
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 0),
        ("raise SystemExit", 0),
        ("raise SystemExit(3)", 3),
        ("1 / 0", 1),
        ("raise KeyboardInterrupt", -signal.SIGINT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import sys; sys.stdout = open('/dev/full', 'w'); print('no room')", 120),
    ],
)
def test_the_exit_code_is_that_of_a_script(
    server: ForkServer, script: Path, text: str, status: int
) -> None:
    assert outcome(server, script, text) == status
    run = subprocess.run([sys.executable, script], check=False, stderr=subprocess.DEVNULL)
    assert run.returncode == status


def test_a_script_finds_what_it_would_find_in_a_process_of_its_own(
    server: ForkServer, script: Path
) -> None:
    text = """
import os, signal, sys, threading
from pathlib import Path
assert __name__ == "__main__" and sys.modules["__main__"].__file__ == __file__ == sys.argv[0]
assert sys.argv[1:] == [] and os.environ["TMPDIR"] == "/somewhere"
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL
assert [path.name for path in Path("/proc/self/task").iterdir()] == [str(os.getpid())]
assert sorted(map(int, os.listdir("/proc/self/fd")))[:3] == [0, 1, 2]
assert len(os.listdir("/proc/self/fd")) == 4  # with that of the list
assert "numpy" in sys.modules
"""
    assert outcome(server, script, text, TMPDIR="/somewhere") == 0
    assert os.environ.get("TMPDIR") != "/somewhere"


def test_all_that_is_printed_arrives_and_functions_for_the_exit_are_called(
    server: ForkServer, script: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert outcome(server, script, "import atexit; atexit.register(print, 'end'); print('go')") == 0
    assert capfd.readouterr().out == "go\nend\n"
    assert outcome(server, script, "1 / 0") == 1
    said = capfd.readouterr().err
    assert said.startswith("Traceback") and f'File "{script}", line 1' in said


def test_a_library_that_is_broken_or_missing_is_left_to_the_script(
    server: ForkServer, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_library.py").write_text("1 / 0")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    script.write_text("")
    assert server.start(script, ["broken_library", "no_such_library"], {}).wait() == 0


def test_what_one_script_does_is_not_seen_by_the_next(server: ForkServer, script: Path) -> None:
    change = "import numpy, os; numpy.left = 1; os.environ['LEFT'] = '1'; os.chdir('/')"
    assert outcome(server, script, change) == 0
    look = "import numpy, os; assert not hasattr(numpy, 'left') and 'LEFT' not in os.environ"
    assert outcome(server, script, f"{look} and os.getcwd() != '/'") == 0


def test_scripts_run_side_by_side(server: ForkServer, tmp_path: Path) -> None:
    def status(number: int) -> int:
        # Each waits for the one after it, which could not begin if only one ran at a time.
        mine, other = tmp_path / f"{number}", tmp_path / f"{(number + 1) % 8}"
        script = tmp_path / f"{number}.py"
        script.write_text(
            f"import pathlib, time\npathlib.Path({str(mine)!r}).touch()\n"
            f"while not pathlib.Path({str(other)!r}).exists(): time.sleep(0.01)\n"
            f"raise SystemExit({number})"
        )
        return server.start(script, [], {}).wait()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(status, range(8))) == list(range(8))


def test_a_server_that_was_killed_says_so_and_begins_again(
    server: ForkServer, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deadly.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    with pytest.raises(EOFError, match="was killed"):
        server.start(script, ["deadly"], {})
    assert outcome(server, script, "raise SystemExit(2)") == 2


def test_interrupt_reaches_the_scripts_and_leaves_the_server(
    server: ForkServer, script: Path, tmp_path: Path
) -> None:
    script.write_text(f"open({str(tmp_path / 'at work')!r}, 'w'); import time; time.sleep(60)")
    started = server.start(script, [], {})
    while not (tmp_path / "at work").exists():
        time.sleep(0.01)
    assert server._maker is not None
    os.kill(server._maker.pid, signal.SIGINT)  # as Ctrl-C does to all processes of a terminal
    os.kill(started.pid, signal.SIGINT)
    assert started.wait() == -signal.SIGINT
    assert outcome(server, script, "") == 0


def test_the_server_ends_when_its_owner_is_killed(script: Path) -> None:
    script.write_text("import os; print(os.getppid())")
    code = f"""
import os, signal
from spikeloc.io.fork_server import ForkServer
server = ForkServer()
server.start({str(script)!r}, [], {{}}).wait()
print(server._maker.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == -signal.SIGKILL
    for pid in map(int, run.stdout.split()):
        wait_for_end(pid)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_needed_libraries_are_those_that_python_sees_imported(script: Path) -> None:
    named: set[str] = set()
    for path in (script, *needed_files(script)):
        for node in ast.walk(ast.parse(path.read_bytes())) if path.suffix == ".py" else ():
            if isinstance(node, ast.ImportFrom):
                named.add(node.module or "")
            elif isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
    own = {"spikeloc", *sys.stdlib_module_names}
    libraries = {name for name in named if name.split(".")[0] not in own}
    assert "numpy" in libraries and libraries <= {*needed_libraries(script)}


def test_a_panel_needs_seaborn_and_no_torch_and_training_the_other_way_round() -> None:
    panel = ROOT / "workflow/scripts/panel.py"
    drawn = needed_libraries(panel, ["spikeloc.plots.panels.confusion"])
    assert {"matplotlib.figure", "seaborn", "pandas"} <= {*drawn} and "torch" not in drawn
    assert "seaborn" not in needed_libraries(panel, ["spikeloc.plots.panels.trial"])
    trained = needed_libraries(ROOT / "workflow/scripts/networks.py")
    assert {"torch", "scipy.special"} <= {*trained} and "matplotlib" not in trained
