"""What a command line says about the config, before Snakemake reads a file."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from configs import QUICK, ROOT

from spikeloc.config.command_line import check_command_line
from spikeloc.config.loading import load_config
from spikeloc.io.errors import InputError

PROFILES = sorted(ROOT.glob("profiles/**/profile.v9+.yaml"))


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the configs, in which the command is called."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def error(*arguments: str) -> str:
    """The one line with which a call of `snakemake` ends."""
    with pytest.raises(SystemExit) as caught:
        check_command_line(arguments)
    message = str(caught.value.code)
    assert message.startswith("error: ") and len(message.splitlines()) == 1
    assert message.isprintable()
    return message.removeprefix("error: ")


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "-n --quiet all",
        "--configfile config/quick.yaml",
        "figures/quick/trial.svg --configfile config/quick.yaml -n",
        "--configfiles=config/quick.yaml --cores 1",
        "--config=name=on -j2",
        "--configfile config/quick.yaml config/quick.yaml --config name=on",
        "--config name=1_0 line_numbers=True anonymous=false -n",
        "-C seeds=[7] -- results/tables/runs.csv",
        "-Cseeds=[7]",
        "--config",
    ],
)
def test_a_good_command_line_says_nothing(arguments: str) -> None:
    check_command_line(arguments.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--configfile", "my.yaml"], "my.yaml: no such file"),
        (["--configfile", "config"], "config: not a file"),
        (["--configfile=my.yaml"], "my.yaml: no such file"),
        (["--configfile", "config/quick.yaml", "figures/x.svg"], "figures/x.svg: no such file"),
        (
            ["--configfile", "config/quick.yaml", "--configfile", "config/paper.yaml"],
            "--configfile is given twice; write all its values after one",
        ),
        (["-C", "name=x", "--config", "name=y"], "--config is given twice; write all its values"),
        (["--config", "name=x", "name=y"], "--config: name is given twice"),
        (["--config", "name"], "--config 'name': must be key=value, after the targets"),
        (["--config", "=x"], "--config '=x': unknown key"),
        (["--config", "nam=x"], "--config 'nam=x': unknown key; did you mean 'name'?"),
        (["--config", "network.tau_ms=5"], "'network.tau_ms=5': unknown key; did you mean 'netw"),
        (["--config", "__use_yte__=true"], "--config '__use_yte__=true': unknown key"),
        (["--config", "seeds=[1"], "--config 'seeds=[1': line 1: not YAML: expected ',' or ']'"),
        (
            ["--config", "seeds=1:40"],
            "config/paper.yaml --config 'seeds=1:40': seeds: Input shoul",
        ),
        (["--config", "seeds=1:40"], "not '1:40' (a list is written [1, 2, 3])"),
        (["--config", "seeds=[1_0]"], "seeds.0: Input should be a valid integer, not '1_0' (a who"),
        (["--config", "name=1e-3"], "name: Input should be a valid string, not 1e-3 (put it into"),
        (["--config", "name="], "name: Input should be a valid string, not null"),
        (["--config", "line_numbers=on"], "not 'on' (write true or false, without quotes)"),
        (["--config", "network={tau: 5}"], "network.tau: unknown key; did you mean 'tau_ms'?"),
        (["--config", "network={tau_ms: 1, tau_ms: 2}"], "line 1: key 'tau_ms' is given twice"),
        (["--config", "network={tau_ms: -1e-3}"], "network.tau_ms: Input should be greater than"),
        (["--config", "name=#x"], "--config 'name=#x': a value is one line without # $ ` \\"),
        (["--config", "name=x #1"], "'name=x #1': a value is one line without # $ ` \\"),
        (["--config", "name=x\ny"], r"--config 'name=x\ny': a value is one line"),
        (["--config", "name=$HOME"], "a value is one line without # $ ` \\; write it into a file"),
        (["--config", "name=\udc80"], r"--config 'name=\udc80': a value is one line"),
        (["--config", "seeds=&a [*a]"], "nested too deeply"),
    ],
)
def test_a_bad_command_line_ends_with_one_line(arguments: list[str], said: str) -> None:
    assert said in error(*arguments)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("2026-13-45", "month must be in 1..12"),
        ("=", "could not determine a constructor"),
        ("0x_", "invalid literal"),
    ],
)
def test_text_that_snakemake_cannot_read_is_named(label: str, said: str) -> None:
    text = QUICK.read_text("utf-8").replace("label: abs}", f"label: {label}}}")
    Path("my.yaml").write_text(text)
    load_config("my.yaml")
    message = error("--configfile", "my.yaml")
    assert message.startswith("my.yaml: quote the text that YAML 1.1 cannot read: ")
    assert said in message


def test_settings_are_laid_over_the_files_which_are_laid_over_each_other() -> None:
    Path("more.yaml").write_text("name: more\nnetwork: {tau_ms: 7, w1: {signs: positive}}\n")
    settings = ["network={tau_ms: 1e1}", "seeds=[0o17]", "name='on'"]
    config = load_config(QUICK, "more.yaml", settings=settings)
    network = config.network
    assert (network.tau_ms, network.w1.signs, network.w1.method) == (10.0, "positive", "abs")
    assert (config.name, config.seeds) == ("on", [15])
    assert network.hidden_units == load_config(QUICK).network.hidden_units


@pytest.mark.parametrize("base", ["x: &x [*x, 1]", "x: {a: &x {b: *x}}"])
def test_files_that_contain_themselves_are_not_merged_for_ever(base: str) -> None:
    Path("one.yaml").write_text(base)
    with pytest.raises(InputError, match=r"one\.yaml: nested too deeply"):
        load_config("one.yaml", "one.yaml")


def test_the_cache_of_snakemake_must_be_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for home in ("file", "file/below"):
        monkeypatch.setenv("HOME", str(tmp_path / home))
        message = error()
        assert message.startswith(f"{tmp_path / home}/.cache: Snakemake cannot write its cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    check_command_line([])


def test_a_full_disk_of_the_cache_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=20_000))
    assert error() == f"{tmp_path}: no space left on its disk; make room and run again"


def test_elsewhere_the_workflow_itself_says_where_it_must_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "config")
    check_command_line(["--config", "name=x"])


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parent.name)
def test_profiles_check_the_command_line(path: Path) -> None:
    """All but the one that is used beside the default profile."""
    text = path.read_text(encoding="utf-8")
    assert ("  - check_command_line()\n" in text) == (path.parent.name != "redraw")
