"""Where nobody watches, a skipped test fails: also in one of several processes, also a whole file."""

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


def run(folder: Path, *, ci: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(CONFTEST.parents[1])}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


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
