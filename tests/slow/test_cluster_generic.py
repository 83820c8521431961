"""The profiles for LSF, Grid Engine and PBS, with stand-ins for their commands."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tiny_project import RUN, tiny_project
from workflow_project import ROOT, Project

PROFILES = Path("profiles/cluster-generic")
# Jobs must see these as they are typed here.
TYPED = ("seeds=[3, 4]", """experiments={fraction: {title: "It's 'one' (of < two & \u00e9)"}}""")

# Stand-ins keep a file for each job that has ended: its script's exit status. The first job of all
# is not even begun: it was killed, which is 137.
SUBMIT = """#!/usr/bin/env bash
number=$(($(wc -l <"$QUEUE/submitted") + 100))
echo "$*" >>"$QUEUE/submitted"
if [ "$number" = 100 ]; then
  echo 137 >"$QUEUE/100"
else
  (bash "${!#}" >"$QUEUE/$number.log" 2>&1; echo $? >"$QUEUE/$number") >/dev/null 2>&1 &
fi
"""
ENDED = '#!/usr/bin/env bash\nnumber=${!#}\nended=$(cat "$QUEUE/$number" 2>/dev/null)\n'


@dataclass(frozen=True)
class Scheduler:
    """What its commands print, in bash: about a number and, once the job has ended, its status."""

    name: str
    commands: dict[str, str]


SCHEDULERS = [
    Scheduler(
        "lsf",
        {
            "bsub": SUBMIT + 'echo "Job <$number> is submitted to queue <normal>."',
            "bjobs": ENDED + 'case $ended in "") echo RUN ;; 0) echo DONE ;; *) echo EXIT ;; esac',
        },
    ),
    Scheduler(
        "sge",
        {
            "qsub": SUBMIT + 'echo "$number"',
            "qstat": """#!/usr/bin/env bash
echo "job-ID  prior   name       user         state submit/start at     queue"
echo "-----------------------------------------------------------------"
for number in $(seq 100 199); do
  [ -e "$QUEUE/$number" ] || echo "    $number 0.55500 train      someone      r     11/22/2026"
done""",
            "qacct": ENDED
            + '[ -n "$ended" ] || exit 1\nprintf "failed       0\\nexit_status  %s\\n" "$ended"',
        },
    ),
    Scheduler(
        "pbs",
        {
            "qsub": SUBMIT + 'echo "$number.server"',
            "qstat": """#!/usr/bin/env bash
number=${!#}
ended=$(cat "$QUEUE/${number%.server}" 2>/dev/null)
printf 'Job Id: %s\\n    Job_Name = spikeloc\\n' "$number"
if [ -z "$ended" ]; then
  printf '    job_state = R\\n'
else
  printf '    job_state = F\\n    Exit_status = %s\\n' "$ended"
fi""",
        },
    ),
]


def install(commands: dict[str, str], folder: Path) -> None:
    folder.mkdir()
    for name, text in commands.items():
        (folder / name).write_text(text + "\n")
        (folder / name).chmod(0o755)


def through(
    scheduler: Scheduler, project: Project, folder: Path, *arguments: str
) -> tuple[subprocess.CompletedProcess[str], str]:
    """A run of the tiny config through the stand-ins, and what was submitted."""
    install(scheduler.commands, folder / "bin")
    queue = folder / "queue"
    queue.mkdir()
    (queue / "submitted").touch()
    run = project.snakemake(
        f"--workflow-profile={PROFILES / scheduler.name}",
        "--seconds-between-status-checks=1",
        "--latency-wait=10",
        *arguments,
        *("--configfile", "tiny.yaml", "--config", *TYPED),
        PATH=f"{folder / 'bin'}:{project.environment()['PATH']}",
        QUEUE=str(queue),
    )
    return run, (queue / "submitted").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("scheduler", SCHEDULERS, ids=lambda scheduler: scheduler.name)
def test_killed_job_is_tried_again_and_the_bytes_are_the_same(
    scheduler: Scheduler, tmp_path: Path
) -> None:
    project, local = (tiny_project(tmp_path / name) for name in ("cluster", "local"))
    assert local.snakemake(*RUN, "--config", *TYPED).returncode == 0
    run, submitted = through(scheduler, project, tmp_path)
    assert run.returncode == 0, run.stdout
    assert project.made("tiny") == local.made("tiny")
    memory_mb = [int(asked) for asked in re.findall(r"\b(?:h_v)?mem=(\d+)", submitted)]
    assert sorted(memory_mb) == sorted([2000, 5000, 5000, 2 * memory_mb[0]])


@pytest.mark.slow
def test_jobs_notice_that_the_config_was_edited_after_the_run_began(tmp_path: Path) -> None:
    pbs = next(scheduler for scheduler in SCHEDULERS if scheduler.name == "pbs")
    project = tiny_project(tmp_path / "cluster")
    edit = f"sed -i 's/batch_size: 16/batch_size: 8/' {project.folder / 'tiny.yaml'}\n"
    commands = pbs.commands | {"qsub": pbs.commands["qsub"].replace("number=", f"{edit}number=", 1)}
    run, submitted = through(Scheduler("pbs", commands), project, tmp_path, "--retries=0")
    assert run.returncode == 1 and len(submitted.splitlines()) > 1
    logs = [path.read_text() for path in (tmp_path / "queue").glob("*.log")]
    assert logs and all("the config was edited after this run began" in log for log in logs)


def said(scheduler: str, commands: dict[str, str], folder: Path) -> str:
    """What a profile says of job 7."""
    install(commands, folder / "bin")
    run = subprocess.run(
        [ROOT / PROFILES / scheduler / "status.sh", "7"],
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return run.stdout


@pytest.mark.parametrize(
    ("scheduler", "command", "prints", "status"),
    [
        ("lsf", "bjobs", "echo PEND", "running"),
        ("lsf", "bjobs", "echo SSUSP", "running"),
        ("lsf", "bjobs", "echo DONE", "success"),
        ("lsf", "bjobs", "echo EXIT", "failed"),
        ("lsf", "bjobs", "echo 'Job <7> is not found' >&2; exit 255", "failed"),
        ("lsf", "bjobs", "echo 'LSF is down. Please wait ...' >&2; exit 255", "running"),
        ("pbs", "qstat", "echo '    job_state = Q'", "running"),
        ("pbs", "qstat", "printf '    job_state = C\\n    exit_status = 0\\n'", "success"),
        ("pbs", "qstat", "printf '    job_state = F\\n    Exit_status = -29\\n'", "failed"),
        ("pbs", "qstat", "echo '    job_state = F'", "failed"),  # deleted before its start
        ("pbs", "qstat", "echo 'qstat: Unknown Job Id 7' >&2; exit 153", "failed"),
        ("pbs", "qstat", "echo 'Connection refused' >&2; exit 111", "running"),
    ],
)
def test_status_is_what_the_queue_says(
    scheduler: str, command: str, prints: str, status: str, tmp_path: Path
) -> None:
    assert said(scheduler, {command: f"#!/bin/sh\n{prints}"}, tmp_path) == f"{status}\n"


@pytest.mark.parametrize(
    ("state", "account", "status"),
    [
        ("qw", "exit 1", "running"),
        ("r", "exit 1", "running"),
        ("Eqw", "exit 1", "failed"),
        ("", "exit 1", "running"),  # ended, not yet in the accounting
        ("", "printf 'failed       0\\nexit_status  0\\n'", "success"),
        ("", "printf 'failed       0\\nexit_status  1\\n'", "failed"),
        ("", "printf 'failed       37 : qmaster enforced h_rt\\nexit_status  0\\n'", "failed"),
        ("", ":", "running"),  # accounting that knows nothing
        ("", "printf 'failed 1\\nexit_status 137\\n====\\nfailed 0\\nexit_status 0\\n'", "success"),
    ],
)
def test_status_of_grid_engine_is_of_queue_and_accounting(
    state: str, account: str, status: str, tmp_path: Path
) -> None:
    line = f"echo '      7 0.5 train someone {state} 11/22/2026'" if state else ":"
    commands = {"qstat": line, "qacct": account, "qdel": ":"}
    scripts = {name: f"#!/bin/sh\n{text}" for name, text in commands.items()}
    assert said("sge", scripts, tmp_path) == f"{status}\n"


def test_grid_engine_that_does_not_answer_is_asked_again(tmp_path: Path) -> None:
    commands = {"qstat": "exit 1", "qacct": "printf 'failed 0\\nexit_status 0\\n'"}
    scripts = {name: f"#!/bin/sh\n{text}" for name, text in commands.items()}
    assert said("sge", scripts, tmp_path) == "running\n"


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("Job <123> is submitted to queue <normal>.", "123"),
        ("Job is on hold", None),
    ],
)
def test_a_submission_without_a_number_is_an_error(
    answer: str, number: str | None, tmp_path: Path
) -> None:
    install({"bsub": f"#!/bin/sh\necho '{answer}'"}, tmp_path / "bin")
    run = subprocess.run(
        [ROOT / PROFILES / "lsf/submit.sh", "job.sh"],
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (run.returncode == 0, run.stdout.strip() or None) == (number is not None, number)
