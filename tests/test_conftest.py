"""Where nobody watches, a skipped test fails: also in one of several processes, also a whole file. And a run tries the examples
that the last one tried, unless others are asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
FILES = {
    "a test": "import pytest\n\ndef test_one(): pytest.skip('no server')\n\ndef test_two(): pass\n",
    "a file": "import pytest\n\npytest.skip('no server', allow_module_level=True)\n",
}


def run(folder: Path, *more: str, ci: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    usual = {name: value for name, value in os.environ.items() if name != "EARSHOT_TEST_EXAMPLES"}
    environment = {**usual, "CI": ci, "PYTHONPATH": str(CONFTEST.parents[1]), **variables}
    return subprocess.run([*command, *more], cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("what", FILES)
def test_what_is_skipped_in_one_of_two_processes_fails_in_ci(tmp_path: Path, what: str) -> None:
    (tmp_path / "conftest.py").write_bytes(CONFTEST.read_bytes())
    (tmp_path / "test_it.py").write_text(FILES[what], encoding="utf-8")
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n", encoding="utf-8")
    watched = run(tmp_path, ci="true")
    assert watched.returncode != 0
    assert "a skipped test counts as failed" in watched.stdout
    assert "no server" in watched.stdout
    assert run(tmp_path, ci="").returncode == 0


EXAMPLES = """
from hypothesis import given, strategies as st

def test_one():
    found = []

    @given(st.integers())
    def draw(number):
        found.append(number)

    draw()
    print("drawn:", len(found), found)
"""


@pytest.mark.parametrize("asked", ["", "10000"], ids=["usually", "where examples are asked for"])
def test_two_runs_try_the_same_examples_unless_others_are_asked_for(tmp_path: Path, asked: str) -> None:
    (tmp_path / "conftest.py").write_bytes(CONFTEST.read_bytes())
    (tmp_path / "test_it.py").write_text(EXAMPLES, encoding="utf-8")
    more = {"EARSHOT_TEST_EXAMPLES": asked} if asked else {}
    one, other = (drawn(run(tmp_path, "-s", "-n", "0", ci="", **more).stdout) for _ in range(2))
    assert (one == other) == (not asked)
    assert one.startswith("1000 " if asked else "100 ")


def drawn(told: str) -> str:
    return told.partition("drawn: ")[2].partition("]")[0]
