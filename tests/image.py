"""What the Containerfile puts into the image, without an engine to build it: its words, and the tree that COPY and the lock make."""

import atexit
import compileall
import io
import json
import os
import re
import shutil
import sys
import tempfile
from contextlib import redirect_stdout
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from py_compile import PycInvalidationMode

ROOT = Path(__file__).parents[1]
HOME = "/opt/earshot"


@dataclass(frozen=True)
class Line:
    """An instruction with everything that follows it, in one line."""

    word: str
    rest: str


@cache
def lines() -> tuple[Line, ...]:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    whole = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    parted = (line.strip().partition(" ") for line in whole.splitlines() if line.strip())
    return tuple(Line(word, " ".join(rest.split())) for word, _, rest in parted)


def last(word: str) -> str:
    """What follows the last instruction of its kind."""
    return [line.rest for line in lines() if line.word == word][-1]


def words(instruction: str) -> list[str]:
    """Those of an instruction in its exec form."""
    found: list[str] = json.loads(last(instruction)[last(instruction).index("[") :])
    return found


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in last("ENV").split())


def copies() -> list[tuple[list[str], str]]:
    """Of every COPY from the sources: what, and where to in the image."""
    made = []
    for line in lines():
        parts = [part for part in line.rest.split() if not part.startswith("--chmod")]
        if line.word == "COPY" and not parts[0].startswith("--from"):
            made.append((parts[:-1], parts[-1]))
    return made


def is_let_in(path: str) -> bool:
    """Whether .dockerignore lets a file of the sources through: the last line that fits decides."""
    let = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.lstrip("!").removeprefix("**/")
            parts = path.split("/")
            heads = ["/".join(parts[: number + 1]) for number in range(len(parts))]
            if any(fnmatch(head, pattern) for head in (parts if "**/" in line else heads)) and (
                "/" in pattern or "**/" in line or fnmatch(parts[0], pattern)
            ):
                let = line.startswith("!")
    return let


@cache
def shared() -> Path:
    """One tree for all tests of a run, for reading alone; made when the first asks."""
    folder = Path(tempfile.mkdtemp(prefix="earshot-image-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return build(folder / "earshot")


def build(folder: Path) -> Path:
    """The tree that stands in /opt/earshot, in `folder`."""
    for sources, target in copies():
        for pattern in sources:
            for source in sorted(ROOT.glob(pattern.rstrip("/"))):
                inside = (target.endswith("/") and not source.is_dir()) or target == "./"
                _copy(source, folder / target / source.name if inside else folder / target)
    (folder / "bin" / "earshot").chmod(0o755)
    with redirect_stdout(io.StringIO()):
        compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    _make_environment(folder / ".venv")
    (folder / "var").symlink_to("/var/lib/earshot")
    return folder


def _copy(source: Path, target: Path) -> None:
    for file in [source] if source.is_file() else sorted(source.rglob("*")):
        if file.is_file() and is_let_in(str(file.relative_to(ROOT))):
            to = target if file == source else target / file.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, to)


def _make_environment(folder: Path) -> None:
    """What requirements.lock names and nothing else, as it is installed here."""
    packages = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    home = Path(sys.executable).resolve().parent
    settings = f"home = {home}\ninclude-system-site-packages = false\n"
    (folder / "pyvenv.cfg").write_text(settings, encoding="utf-8")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in set(re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue  # of another system, as a marker says
        for file in files:
            if not str(file).startswith(".."):
                _link(Path(str(file.locate())), packages / file)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)
