"""Command lines: those in the documents work as they are shown, and bad ones end with one line."""

import json
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec

import pytest
from configs import ROOT, short_config
from snakemake_interface_executor_plugins.utils import format_cli_arg
from tiny_project import TINY
from workflow_project import Project

from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.config.yaml_files import read_yaml

DOCUMENTS = ["README.md", "config/README.md", "CONTRIBUTING.md", "profiles/README.md"]
# What to write for the names that readers have to fill in.
STIMULUS = expand(load_config(ROOT / "config/paper.yaml"))[0].parameters.stimulus_name()
FILLED_IN = {"<stimulus>": STIMULUS, "<experiment>": "inhibition_placement"}
# Drawn after the edit that CONTRIBUTING describes.
LATER = "snakemake figures/rates.svg"


def documented() -> list[str]:
    """Every command in the documents, without what follows in the shell."""
    found: dict[str, None] = {}
    for name in DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\|", "|")
        shown = re.findall(r"`((?:snakemake|make)(?: [^`]+)?)`", text)
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            shown += re.findall(r"^(?:snakemake|make).*", block, re.MULTILINE)
        for command in shown:
            found[re.split(r" [|>] | +# ", command)[0].strip()] = None
    return [command for command in found if command != LATER]


COMMANDS = documented()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project in which nothing has been run, with the guide's own config."""
    project = Project.copy_to(tmp_path_factory.mktemp("copy"))
    (project.folder / "config/mine.yaml").write_text(short_config())
    return project


def test_the_documents_show_commands() -> None:
    kinds = [command.split()[0] for command in COMMANDS]
    assert kinds.count("snakemake") > 10 and kinds.count("make") > 20


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("snakemake")])
def test_a_documented_call_of_snakemake_works(command: str, project: Project) -> None:
    for name, filled_in in FILLED_IN.items():
        command = command.replace(name, filled_in)
    arguments = shlex.split(command)[1:]
    for plugin in ("slurm", "cluster-generic"):
        needed = f"snakemake_executor_plugin_{plugin.replace('-', '_')}"
        if f"profiles/{plugin}" in command and find_spec(needed) is None:
            pytest.skip(f"needs {needed}")
    run = project.snakemake("-n", *arguments)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("make")])
def test_a_documented_target_of_make_exists(command: str) -> None:
    run = subprocess.run(
        ["make", "-n", *shlex.split(command)[1:]],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def last_line(project: Project, *arguments: str, **variables: str) -> str:
    """How a call that is refused ends: with one line, after the one about the profile."""
    run = project.snakemake("-n", *arguments, **variables)
    assert run.returncode == 1, run.stdout
    *before, last = run.stdout.splitlines()
    assert all(line.startswith("Using ") for line in before), run.stdout
    return last


def test_what_snakemake_cannot_read_is_one_line(project: Project) -> None:
    (project.folder / "utf16.yaml").write_bytes(TINY.encode("utf-16"))
    (project.folder / "empty.yaml").touch()
    for name, said in {
        "missing.yaml": "no such file",
        "config": "not a file",
        "utf16.yaml": "not UTF-8 text: save it in this encoding",
        "empty.yaml": "empty; a config is a mapping of keys to values",
    }.items():
        assert last_line(project, "--configfile", name) == f"error: {name}: {said}"


def test_code_in_a_config_is_not_executed(project: Project) -> None:
    code = "__use_yte__: true\n__definitions__: [import pathlib, pathlib.Path('run').touch()]\n"
    (project.folder / "code.yaml").write_text(code + TINY)
    said = last_line(project, "--configfile", "code.yaml")
    assert said == "error: code.yaml: __use_yte__: a config holds values, not code"
    assert not (project.folder / "run").exists()


def test_no_rule_makes_a_file_whose_names_do_not_belong_together(project: Project) -> None:
    other = """  other:
    {seeds: [3], recipe: dale, variants: [corrected],
    conditions: [{name: only, label: x, stimulus: {envelope_power: 3}}]}
"""
    config = project.folder / "two.yaml"
    config.write_text(TINY + other)
    other_stimulus = expand(load_config(config))[-1].parameters.stimulus_name()
    for target in [
        f"results/stimuli/{other_stimulus}/seeds-1-2.json",
        "results/tiny/runs/fraction/only/corrected/metrics.csv",
        "results/tiny/runs/other/inhibitory_fraction-0/corrected/example_trial.npz",
        "results/quick/runs/baseline/free/coincidence.csv",
    ]:
        used = "config/quick.yaml" if "quick" in target else "two.yaml"
        run = project.snakemake(target, "-n", "--configfile", used)
        assert run.returncode == 1 and f"No rule to produce {target}" in run.stdout, run.stdout


def test_a_home_that_cannot_be_written_is_one_line(project: Project) -> None:
    home = {"HOME": str(project.folder / "Snakefile"), "XDG_CACHE_HOME": ""}
    assert "cannot write its cache there; set XDG_CACHE_HOME" in last_line(project, **home)
    home["XDG_CACHE_HOME"] = str(project.folder / "cache")
    assert project.snakemake("-n", **home).returncode == 0


def test_without_a_profile_the_workflow_itself_checks_the_config(project: Project) -> None:
    (project.folder / "odd.yaml").write_text(TINY.replace("seeds: [1, 2]", "seeds: [1, 1_0]"))
    for arguments, said in [
        (
            ("--configfile", "odd.yaml"),
            "odd.yaml: seeds.1: Input should be a valid integer, not '1_",
        ),
        (("--config", "seeds=1:40"), "paper.yaml --config 'seeds=1:40': seeds: Input should be a "),
    ]:
        run = project.snakemake("-n", "--cores=1", "--workflow-profile=none", *arguments)
        assert run.returncode == 1 and said in run.stdout, run.stdout
        assert "Traceback" not in run.stdout


def test_jobs_get_values_as_they_were_typed() -> None:
    """As workflow/rules/hooks.smk quotes them and Snakemake's executors pass them to a shell."""
    typed = [
        "seeds=[3, 4]", "name=x", "name='on'", 'name="1"', "name=", "name=*", "name={a,b}",
        "name=~", """experiments={x: {title: "It's 'one' (of < two & \u00e9); {y} | %s"}}""",
    ]  # fmt: skip
    show = f"{shlex.quote(sys.executable)} -c 'import json, sys; print(json.dumps(sys.argv[1:]))' "
    command = show + format_cli_arg("--config", [shlex.quote(each) for each in typed])
    in_quotes = command.replace('"', '\\"')
    for call in (command, f'sh -c "{in_quotes}"'):  # the second as the plugin for Slurm does it
        run = subprocess.run(call, shell=True, stdout=subprocess.PIPE, check=True)  # noqa: S602
        assert json.loads(run.stdout) == ["--config", *typed]


def test_values_are_read_alike_in_files_and_on_the_command_line(project: Project) -> None:
    text = TINY
    for old, new in [
        ("hidden_units: 5}", "hidden_units: 0o5, tau_ms: 5e-1}"),
        (
            "w1: {signs: dale}, w2: {",
            "w1: &dale {signs: dale}, w2: {<<: *dale, initial_scale: 2e0, ",
        ),
        ("    recipe: dale\n", "    recipe: dale\n    title: 1:40\n"),
    ]:
        assert old in text
        text = text.replace(old, new)
    (project.folder / "tiny.yaml").write_text(text.replace("signs: dale}}}", "}}}"))
    run = project.snakemake(
        "results/on/config.yaml", "--configfile", "tiny.yaml",
        "--config", "name=on", "seeds=[7, 0x10]", "line_numbers=true", "training={epochs: 3}",
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    written = read_yaml(project.folder / "results/on/config.yaml")
    assert (written["name"], written["seeds"], written["line_numbers"]) == ("on", [7, 16], True)
    assert (written["network"]["hidden_units"], written["network"]["tau_ms"]) == (5, 0.5)
    assert (written["training"]["epochs"], written["training"]["batch_size"]) == (3, 16)
    assert written["recipes"]["dale"]["network"]["w2"] == {"signs": "dale", "initial_scale": 2.0}
    assert written["experiments"]["fraction"]["title"] == "1:40"
