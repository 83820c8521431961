"""A script that is started as a copy of a process does what ``python script`` does."""

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from configs import ROOT

from spikeloc.io.fork_server import ForkServer, needed_libraries, starter
from spikeloc.io.sources import needed_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these copies")
SCRIPTS = sorted((ROOT / "workflow" / "scripts").glob("*.py"))


@pytest.fixture
def server() -> Iterator[ForkServer]:
    with closing(ForkServer()) as server:
        yield server


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Have Ctrl-C do what it does by itself, also if a shell started the tests in the background
    and told them to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.py"


def outcome(server: ForkServer, script: Path, text: str, **environment: str) -> int:
    script.write_text(text)
    return server.start(script, ["numpy"], environment).wait()


def until(look: Callable[[], bool]) -> None:
    """Wait until something is true, which it will be soon if it ever is."""
    end = time.monotonic() + 60
    while not look():
        assert time.monotonic() < end
        time.sleep(0.01)


def has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


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
import os, signal, sys
assert __name__ == "__main__" and sys.modules["__main__"].__file__ == __file__ == sys.argv[0]
assert sys.argv[1:] == [] and os.environ["TMPDIR"] == "/somewhere"
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL
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


# Unbuffered, the script itself finds out; buffered, Python does at the end.
@pytest.mark.parametrize(("unbuffered", "status"), [("", 120), ("1", 1)])
def test_a_script_whose_output_has_no_room_ends_as_by_itself(
    server: ForkServer,
    script: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    unbuffered: str,
    status: int,
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    text = "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 1); print('no room')"
    assert outcome(server, script, text) == status
    said = capfd.readouterr().err
    assert "No space left" in said and ("Traceback" in said) == (status == 1)
    alone = subprocess.run([sys.executable, script], check=False, capture_output=True)
    assert alone.returncode == status


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


def test_a_server_that_was_killed_beside_a_script_begins_again(
    server: ForkServer, script: Path
) -> None:
    script.write_text("import time; time.sleep(600)")
    running = server.start(script, [], {})
    assert server._maker is not None
    server._maker.kill()
    until(lambda: server._maker is not None and has_ended(server._maker.pid))
    assert outcome(server, script.with_name("another.py"), "raise SystemExit(2)") == 2
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL


def test_a_process_that_has_ended_can_be_looked_at_until_it_was_waited_for(
    server: ForkServer, script: Path
) -> None:
    script.write_text("")
    started = server.start(script, [], {})
    until(lambda: psutil.Process(started.pid).status() == psutil.STATUS_ZOMBIE)
    assert started.wait() == 0
    until(lambda: not psutil.pid_exists(started.pid))


def test_a_run_in_the_background_ignores_interrupts(server: ForkServer, script: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    text = "import os, signal; os.kill(os.getppid(), signal.SIGINT); os.kill(os.getpid(), 2)"
    assert outcome(server, script, text) == 0
    assert server._maker is not None
    os.kill(server._maker.pid, signal.SIGINT)
    assert outcome(server, script, "") == 0


def test_interrupt_ends_a_script_and_what_waits_to_be_started(
    server: ForkServer, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow.py").write_text("open('importing', 'w'); import time; time.sleep(600)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    monkeypatch.chdir(tmp_path)
    script.write_text("open('at work', 'w'); import time; time.sleep(600)")
    running = server.start(script, [], {})
    until(Path("at work").exists)
    Path("never.py").write_text("open('begun', 'w')")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.start, "never.py", ["slow"], {})
        until(Path("importing").exists)
        assert server._maker is not None
        # as Ctrl-C does to all processes of a terminal
        watching = psutil.Process(running.pid).parent()
        for pid in (server._maker.pid, watching.pid, running.pid):
            os.kill(pid, signal.SIGINT)
        with pytest.raises(EOFError):
            waiting.result()
    assert running.wait() == -signal.SIGINT
    assert not Path("begun").exists()


def test_a_script_waits_for_its_threads(
    server: ForkServer, script: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    thread = "threading.Thread(target=lambda: (time.sleep(0.2), print('done'))).start()"
    assert outcome(server, script, f"import threading, time; {thread}") == 0
    assert capfd.readouterr().out == "done\n"


def test_what_a_library_does_when_it_is_imported_is_done_once(
    server: ForkServer,
    script: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    text = f"""
import atexit, shutil, subprocess
atexit.register(shutil.rmtree, {str(tmp_path / "folder")!r})
assert subprocess.run(["false"]).returncode == 1
print("imported")
"""
    (tmp_path / "talking.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    script.write_text("import talking; print('script')")
    for _ in range(3):
        assert server.start(script, ["talking"], {}).wait() == 0
    assert capfd.readouterr() == ("imported\nscript\nscript\nscript\n", "")
    assert (tmp_path / "folder").is_dir()
    server.close()
    assert not (tmp_path / "folder").exists()


def test_the_server_has_one_thread_with_all_libraries(server: ForkServer, script: Path) -> None:
    script.write_text("")
    libraries = sorted({name for path in SCRIPTS for name in needed_libraries(path)})
    assert {"torch", "matplotlib.figure"} <= {*libraries}
    assert server.start(script, libraries, {}).wait() == 0
    assert server._maker is not None
    assert len(psutil.Process(server._maker.pid).threads()) == 1


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
    assert run.returncode == -signal.SIGKILL and "Traceback" not in run.stderr
    pids = [int(line) for line in run.stdout.split()]
    assert len(pids) == 2
    until(lambda: all(map(has_ended, pids)))


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
    assert "numpy" in libraries and libraries == {*needed_libraries(script)}


def test_a_panel_needs_seaborn_and_no_torch_and_training_the_other_way_round() -> None:
    panel = ROOT / "workflow/scripts/panel.py"
    drawn = needed_libraries(panel, ["spikeloc.plots.panels.confusion"])
    assert {"matplotlib.figure", "seaborn", "pandas"} <= {*drawn} and "torch" not in drawn
    assert "seaborn" not in needed_libraries(panel, ["spikeloc.plots.panels.trial"])
    trained = needed_libraries(ROOT / "workflow/scripts/networks.py")
    assert {"torch", "scipy.special"} <= {*trained} and "matplotlib" not in trained


def test_the_script_of_a_job_is_measured_and_one_in_a_container_is_left_to_snakemake(
    server: ForkServer, script: Path
) -> None:
    called: list[tuple[object, ...]] = []

    @contextmanager
    def measured(pid: int, record: object) -> Iterator[None]:
        called.append(("measured", psutil.pid_exists(pid), record))
        yield

    execute = starter(server, lambda *arguments: called.append(arguments), measured)
    job = SimpleNamespace(
        params={}, resources=SimpleNamespace(tmpdir="/there"), container_img=None, bench_record=1
    )
    script.write_text("import os; assert os.environ['TMPDIR'] == os.environ['TEMP'] == '/there'")
    execute(job, str(script), False)
    assert called == [("measured", True, 1)]
    script.write_text("raise SystemExit(3)")
    with pytest.raises(subprocess.CalledProcessError, match="exit status 3"):
        execute(job, str(script), False)
    job.container_img = "an image"
    execute(job, str(script), False)
    assert called[-1] == (job, str(script), False)
