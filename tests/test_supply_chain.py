"""What goes into a release, and by which hands: the locks, the workflows."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.image import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock", ROOT / ".ci" / "release" / "sbom.lock"]
# One is a fork that nobody keeps, the other takes the place of urllib3 for the whole process.
NEVER = {"kafka-python-ng", "urllib3-future"}
_PINNED = re.compile(r"uses: (?:\./\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$")


def locked(lock: Path) -> list[tuple[str, str]]:
    """Names and versions; of some there are several, for several versions of Python."""
    return re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)


def numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def test_nothing_in_the_lock_is_older_than_what_was_reviewed() -> None:
    text = (ROOT / ".ci" / "minimum-versions").read_text(encoding="utf-8")
    least = dict(re.findall(r"^([a-z0-9-]+) (\S+) +# \S", text, re.MULTILINE))
    entries = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(least) == len(entries) >= 12
    found = locked(LOCKS[0])
    assert set(least) <= {name for name, _ in found}, "a library that is gone needs no minimum"
    old = [(name, version) for name, version in found if name in least and numbers(version) < numbers(least[name])]
    assert old == []


@pytest.mark.parametrize("lock", LOCKS, ids=[lock.name for lock in LOCKS])
def test_every_line_of_a_lock_has_its_hashes_and_what_is_never_to_come_is_not_there(lock: Path) -> None:
    found = locked(lock)
    assert len(found) > 10
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert {name for name, _ in found} & NEVER == set()


def steps(file: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job.get("steps", ())]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def made(words: str) -> list[str]:
    """The targets that a command makes."""
    return [word for call in re.findall(r"\bmake ((?:[a-z-]+(?: |$))+)", words) for word in call.split()]


@pytest.mark.parametrize("file", WORKFLOWS, ids=[file.stem for file in WORKFLOWS])
def test_a_workflow_makes_targets_that_exist_and_takes_actions_by_their_commit(file: Path) -> None:
    runs = [step["run"] for step in steps(file) if "run" in step]
    assert [target for run in runs for target in made(run) if target not in targets()] == []
    if file.stem != "grafana":  # which starts Grafana's own containers itself
        assert [run for run in runs if not made(run)] == []
    lines = [line.strip("- ") for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert [line for line in lines if not _PINNED.search(line)] == []
    assert lines


def test_nothing_is_released_that_did_not_pass_and_rights_are_asked_for_one_by_one() -> None:
    written = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yaml").read_text(encoding="utf-8"))
    assert written["jobs"]["release"]["needs"] == "ci"
    assert written["jobs"]["ci"]["uses"] == "./.github/workflows/ci.yaml"
    for file in WORKFLOWS:
        assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("file", WORKFLOWS, ids=[file.stem for file in WORKFLOWS])
def test_secrets_are_seen_by_the_steps_that_need_them_and_a_checkout_leaves_no_token(file: Path) -> None:
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    for each in (written, *written["jobs"].values()):
        assert "secrets." not in str(each.get("env"))
    checkouts = [step for step in steps(file) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert [step for step in checkouts if step.get("with") != {"persist-credentials": False}] == []


SCRIPTS = [*sorted((ROOT / ".ci" / "release").glob("*")), *sorted((ROOT / ".ci" / "image").glob("*"))]
SCRIPTS += [ROOT / ".ci" / "kind" / "prove", ROOT / ".ci" / "cluster"]
SHELL = [script for script in SCRIPTS if script.read_text(encoding="utf-8").startswith("#!/bin/sh")]


@pytest.mark.parametrize("script", SHELL, ids=[f"{script.parent.name}/{script.name}" for script in SHELL])
def test_a_script_of_the_release_is_one_that_a_shell_can_read(script: Path) -> None:
    read = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True)
    assert read.returncode == 0, read.stderr
    assert script.stat().st_mode & 0o111
    assert "\nset -eu\n" in script.read_text(encoding="utf-8")
