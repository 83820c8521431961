"""The documents hold together: cited sections and linked files are there."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "docs" / "model.md"
CITATION = re.compile(r"docs/model\.md,\s+((?:(?:\s*(?:,|and))?\s*\"[^\"]+\")+)")
# In docstrings and comments, a citation may go over the end of a line.
LINE_START = re.compile(r"\n[ \t]*(?://|#)?[ \t]*")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def tracked(*patterns: str) -> list[Path]:
    """The project's files that git tracks or would add."""
    listed = [
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *patterns,
    ]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    """Every text file of the project but this one, each line end a space."""
    made = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content and path != Path(__file__):
            made[path] = LINE_START.sub(" ", content.decode("utf-8"))
    return made


def cited() -> dict[str, set[str]]:
    """The sections of the model's document that each file cites."""
    found: dict[str, set[str]] = {}
    for path, text in texts().items():
        # in JSON, quotation marks are escaped, and so are line ends
        for listed in CITATION.findall(text.replace('\\"', '"').replace("\\n", " ")):
            names = {" ".join(name.split()) for name in re.findall(r'"([^"]+)"', listed)}
            found.setdefault(path.relative_to(ROOT).as_posix(), set()).update(names)
    return found


def headings(path: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", CODE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)


def sections() -> list[str]:
    """Headings of level 2 of the model's document."""
    return re.findall(r"^## (.+)$", MODEL.read_text(encoding="utf-8"), re.MULTILINE)


def anchor(heading: str) -> str:
    """What GitHub makes of a heading."""
    plain = re.sub(r"[^\w\- ]", "", heading.lower())
    return plain.replace(" ", "-")


def test_every_cited_section_exists() -> None:
    unknown = {path: names - {*sections()} for path, names in cited().items()}
    assert not {path: names for path, names in unknown.items() if names}


def test_every_section_is_cited() -> None:
    names = set().union(*cited().values())
    assert {*sections()} - names == {"Sources"}


def test_no_document_that_is_not_here_is_cited() -> None:
    assert not [path for path, text in texts().items() if re.search(r"\bspec sections?\b", text)]


def test_every_relative_link_leads_to_a_file() -> None:
    broken = []
    for path in tracked("*.md"):
        for target in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, place = target.partition("#")
            linked = (path.parent / name).resolve() if name else path
            if not linked.exists() or (place and place not in map(anchor, headings(linked))):
                broken.append((path.name, target))
    assert not broken
