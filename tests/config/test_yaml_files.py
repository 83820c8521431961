"""A value is what YAML 1.2 says, or one line that shows it as it was written."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import EXTENDED, PAPER, QUICK, ROOT, SIGNS
from hypothesis import example, given
from hypothesis import strategies as st

from spikeloc.config.loading import load_config
from spikeloc.config.yaml_files import (
    MAX_ENTRIES,
    dump_yaml,
    parsed,
    plain,
    read_as_written,
    read_yaml,
)
from spikeloc.io.errors import InputError


def value(text: str) -> Any:
    """What stands for `x` in a file."""
    return plain(parsed(f"x: {text}\n", "my.yaml"))["x"]


def refused(text: str) -> str:
    """The one line that says what is wrong."""
    with pytest.raises(InputError) as caught:
        plain(parsed(text, "my.yaml"))
    message = str(caught.value)
    assert message.startswith("my.yaml: ") and len(message.splitlines()) == 1
    assert len(message) < 300 and message.isprintable()
    return message.removeprefix("my.yaml: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("~", None),
        ("Null", None),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("0", 0),
        ("-5", -5),
        ("+5", 5),
        ("017", 17),  # octal in YAML 1.1
        ("08", 8),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e-3", 0.001),  # text in YAML 1.1
        ("1E3", 1000.0),
        ("-1.5e+3", -1500.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("5.0", 5.0),
        (".inf", float("inf")),
        ("-.INF", -float("inf")),
        ("!!float 5", 5.0),
        ("!!int '5'", 5),
        ("!!str 5", "5"),
        ("'5'", "5"),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected and type(found) is type(expected)


WORDS = [
    "on", "off", "On", "yes", "no", "NO", "y", "n", "tRUE", "nULL", "none", "None",
    "1:40", "1:20:30", "-1:30.5", "1_0", "1_000.5", "0b11", "0o8", "0xG", "0X1F", "+0x1F", "1,5",
    "1e", "e3", "1e+", ".", "+", "1.2.3", "inf", "nan", "NaN", "infinity", "=", "<", "+/-", "W1+",
    "2026-11-29", "2026-13-45", "2026-11-29 10:00:00", "0x_", "0b_", "1__0", "\u0661", "\uff11",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_what_only_looks_like_something_else_is_text(word: str) -> None:
    assert value(word) == word


def test_not_a_number_is_one() -> None:
    assert all(value(text) != value(text) for text in (".nan", ".NaN", ".NAN"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1e400", "'1e400': too large or too close to 0"),
        ("-1e400", "'-1e400': too large"),
        ("1e-400", "'1e-400': too large or too close to 0"),
        ("0.00e5\ny: 0.001e-999", "line 2: '0.001e-999': too large or too close to 0"),
        ("9" * 5000, "'99999999"),
        ("!!int 1_0", "'1_0': not a YAML int"),
        ("!!int 1:40", "'1:40': not a YAML int"),
        ("!!int 1e3", "'1e3': not a YAML int"),
        ("!!float 1_0.5", "'1_0.5': not a YAML float"),
        ("!!bool on", "'on': not a YAML bool"),
        ("!!null 5", "'5': not a YAML null"),
        ("!!timestamp 2026-11-29", "tag 'tag:yaml.org,2002:timestamp'"),
        ("!!binary aGk=", "binary"),
        ("!!set {a, b}", "set"),
        ("!!omap [a: 1]", "omap"),
        ("!!python/name:os.system", "python/name"),
        ("!mine 5", "tag '!mine'"),
        ("a: b", "line 1: not YAML: mapping values are not allowed here"),
        ("[1, 2", "not YAML: expected ',' or ']'"),
        ("{a: 1", "not YAML: expected ',' or '}'"),
        ("'a", "not YAML: found unexpected end of stream"),
        ("*a", "not YAML: found undefined alias 'a'"),
        ("\n\t- 1", "line 2: not YAML: found character '\\t'"),
        ("\x1b", "not YAML: unacceptable character #x001b"),
        ("1\n---\nx: 2", "not YAML: but found another document"),
        ("{[1]: 2}", "not YAML: found unhashable key"),
    ],
)
def test_what_is_no_value_is_shown_as_it_was_written(text: str, said: str) -> None:
    assert said in refused(f"x: {text}\n")


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: key 'a'"),
        ("a: 1\n'a': 1", "line 2: key 'a'"),
        ("x: {a: 1, b: {a: 1}, a: 1}", "line 1: key 'a'"),
        ("x: &x {a: 1}\ny: {<<: *x, b: 1, b: 2}", "line 2: key 'b'"),
        ("x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x", "line 4: key '<<'"),
        ("- {a: 1, a: 1}", "line 1: key 'a'"),
    ],
)
def test_a_key_is_given_once(text: str, twice: str) -> None:
    assert refused(text) == f"{twice} is given twice"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<: *base", {"a": 1, "b": 2}),
        ("<<: *base\n  a: 3", {"a": 3, "b": 2}),
        ("a: 3\n  <<: *base", {"a": 3, "b": 2}),
        ("<<: {a: 3}", {"a": 3}),
        ("<<: {}", {}),
        ("<<: [*base, *more]", {"a": 1, "b": 2, "c": 5}),
        ("<<: [*more, *base]", {"a": 1, "b": 4, "c": 5}),
        ("<<: *both", {"a": 1, "b": 6, "c": 5}),
        ("'<<': *base", {"<<": {"a": 1, "b": 2}}),
    ],
)
def test_mappings_are_merged_and_own_keys_override(text: str, expected: Any) -> None:
    base = "base: &base {a: 1, b: 2}\nmore: &more {b: 4, c: 5}\n"
    content = parsed(f"{base}both: &both {{<<: [*base, *more], b: 6}}\nx:\n  {text}\n", "my.yaml")
    assert content["x"] == expected == yaml.safe_load(dump_yaml(plain(content)))["x"]
    assert content["base"] == {"a": 1, "b": 2} and content["both"] == {"a": 1, "b": 6, "c": 5}


@pytest.mark.parametrize("merged", ["3", "[1]", "[[]]", "~", "on"])
def test_only_mappings_can_be_merged(merged: str) -> None:
    assert refused(f"x:\n  <<: {merged}") == "line 2: << needs a mapping or a list of mappings"


def test_a_mapping_that_merges_itself_is_itself() -> None:
    assert parsed("x: &x {a: 1, <<: *x}", "my.yaml") == {"x": {"a": 1}}


def bomb(line: str, of: str, first: str) -> str:
    """Ten times ten times ten times ... the same, in a few lines."""
    lines = [f"a0: &a0 {first}"]
    for level in range(1, 10):
        lines.append(f"a{level}: &a{level} {line.format(', '.join([f'*a{level - 1}'] * 10))}")
    return "\n".join([*lines, f"x: {of}"])


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (bomb("[{}]", "*a9", "[1]"), f"has more than {MAX_ENTRIES} entries"),
        (bomb("{{x: [{}]}}", "*a9", "{a: 1}"), f"has more than {MAX_ENTRIES} entries"),
        (bomb("{{<<: [{}]}}", "*a9", "{a: 1}"), f"merges more than {MAX_ENTRIES} keys"),
        ("x: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ("x: " + "{a: " * 5000 + "}" * 5000, "nested too deeply"),
        ("x:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 1300)), "nested too deeply"),
        ("x: &a [*a]", "nested too deeply"),
        ("x: &a {a: *a}", "nested too deeply"),
        ("&a [*a]", "nested too deeply"),
    ],
)
def test_a_small_file_cannot_be_huge(text: str, said: str) -> None:
    assert refused(text) == said


def said_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_config(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and len(message.splitlines()) == 1
    return message.removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty; a config is a mapping"),
        (b"# nothing\n---\n", "empty; a config is a mapping"),
        (b"\xef\xbb\xbf", "empty; a config is a mapping"),
        (b"\xff\xfe\x00name", "not UTF-8 text"),
        (bytes(range(256)), "not UTF-8 text"),
        (QUICK.read_text("utf-8").encode("utf-16"), "not UTF-8 text"),
        (QUICK.read_text("utf-8").encode("utf-16-le"), "not YAML: unacceptable character #x0000"),
        (b"name: caf\xe9", "not UTF-8 text"),
        (b"name: \x00", "not YAML: unacceptable character #x0000"),
        (b"x" * 1_000_001, "larger than 1000000 bytes"),
        (b"__use_yte__: false", "__use_yte__: a config holds values, not code"),
        (b"<<: {__use_yte__: true}", "__use_yte__: a config holds values, not code"),
        (b'"__use\\x5fyte__": true', "__use_yte__: a config holds values, not code"),
        (b"[1]", "a config is a mapping"),
        (b"3", "a config is a mapping"),
    ],
)
def test_a_file_that_is_no_config_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "my.yaml").write_bytes(content)
    assert said_of(tmp_path / "my.yaml").startswith(said)


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    for name, said in {
        "": "not a file",
        "pipe": "not a file",
        "missing": "no such file",
        "link": "no such file",
        "loop": "Too many levels of symbolic links",
        "x" * 300: "File name too long",
    }.items():
        assert said_of(tmp_path / name) == said
    assert said_of(Path("/dev/null")) == "not a file"


def test_a_mark_of_the_byte_order_json_and_the_flow_style_are_fine(tmp_path: Path) -> None:
    text = QUICK.read_text("utf-8")
    content = read_yaml(QUICK)
    for name, written in {
        "bom.yaml": "\ufeff" + text,
        "windows.yaml": text.replace("\n", "\r\n"),
        "json.yaml": json.dumps(content, indent=1),
        "flow.yaml": yaml.safe_dump(content, default_flow_style=True),
        "dumped.yaml": dump_yaml(content),
    }.items():
        (tmp_path / name).write_text(written, encoding="utf-8", newline="")
        assert load_config(tmp_path / name) == load_config(QUICK)


@pytest.mark.parametrize(
    "path", [PAPER, QUICK, SIGNS, EXTENDED, *sorted(ROOT.glob("paper/*.yaml"))]
)
def test_our_own_files_mean_the_same_in_yaml_1_1(path: Path) -> None:
    content = read_yaml(path)
    again = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert repr(content) == repr(again)  # with the types of numbers


def test_the_date_of_the_release_is_text() -> None:
    assert isinstance(read_yaml(ROOT / "CITATION.cff")["date-released"], str)


@given(content=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8")) | st.sampled_from([*WORDS, "1e-3", "0o17", "<<", ""]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=10,
))  # fmt: skip
@example(["1e-3", "0o17", "08", "1e3", "on", "1:40", "~", "null", "5.", ".5", "=", "2026-01-01"])
@example({"a": [1e-300, 1e17, 5e-324, -0.0, 10**300]})
def test_what_is_written_is_read_again_by_both_versions(content: Any) -> None:
    text = dump_yaml(content)
    assert repr(plain(parsed(text, "my.yaml"))) == repr(content) == repr(yaml.safe_load(text))


def test_what_was_read_can_be_changed_without_effect_on_the_next_reading(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: &a {b: [1]}\nc: *a\n")
    first = read_as_written(tmp_path / "a.yaml")
    first["a"]["b"].append(2)
    assert first["c"] == {"b": [1]}
    assert read_as_written(tmp_path / "a.yaml") == {"a": {"b": [1]}, "c": {"b": [1]}}
