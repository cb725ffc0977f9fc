"""The image without an engine: what the Containerfile says, and the tree that it makes, run as a container runs it."""

import os
import re
import shutil
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import image
from tests.image import ROOT
from tests.ports import free_port
from tests.sandbox import USER, Mount, contained, give_away, needs_sandbox, run, tell_to_end

CONFIG = """\
data: /var/lib/earshot
sources: [{name: mail, decoder: cloudevents, channel: email, from: {files: /input}}]
"""


def test_the_base_is_named_by_version_and_digest_and_every_stage_is_known() -> None:
    base = next(line.rest for line in image.lines() if line.word == "ARG").removeprefix("BASE=")
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base)
    stages = [line.rest for line in image.lines() if line.word == "FROM"]
    assert stages == ["${BASE} AS build", "scratch"]


def test_what_runs_is_a_number_that_is_not_roots_and_commands_are_no_shells() -> None:
    assert image.last("USER") == f"{USER}:{USER}"
    assert image.words("ENTRYPOINT") == ["earshot"]
    assert image.words("CMD") == ["run"]
    assert image.words("HEALTHCHECK") == ["earshot", "--healthy"]
    # After the last stage begins nothing is executed: there is no shell to do it.
    started = [line.word for line in image.lines()]
    assert "RUN" not in started[len(started) - started[::-1].index("FROM") :]
    assert "ADD" not in started


def test_packages_come_from_the_lock_alone_with_their_hashes() -> None:
    installs = [line.rest for line in image.lines() if "pip" in line.rest and " install " in line.rest]
    assert len(installs) == 1
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert "--only-binary :all:" in installs[0]
    assert "apt-get" not in (ROOT / "Containerfile").read_text(encoding="utf-8")


def test_the_build_sees_what_is_copied_and_nothing_of_tests_keys_and_history() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    seen = {path for path in tracked if image.is_let_in(path)}
    copied = {
        str(file.relative_to(ROOT))
        for sources, _ in image.copies()
        for pattern in sources
        for source in ROOT.glob(pattern.rstrip("/"))
        for file in ([source] if source.is_file() else source.rglob("*"))
        if file.is_file() and image.is_let_in(str(file.relative_to(ROOT)))
    }
    assert copied <= seen
    assert {path for path in seen - copied if not path.startswith(".ci/image/")} == set()
    for path in (
        "tests/test_image.py",
        ".git/config",
        "var/data/earshot.key",
        "helm/earshot/values.yaml",
        "metrics/__pycache__/a.pyc",
    ):
        assert not image.is_let_in(path)
    assert {"service.py", "dashboards/grafana/overview.json", "metrics/ledger/migrations/env.py"} <= copied


def test_podman_and_buildah_are_told_the_commit_s_time_and_a_format_that_knows_a_healthcheck(tmp_path: Path) -> None:
    for tool, script in {"docker": "exit 1", "podman": "exit 1", "buildah": 'printf "%s\\n" "$@"'}.items():
        (tmp_path / tool).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / tool).chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "BUILD_OPTIONS": "--format oci",
        "BASE": "here",
    }
    told = subprocess.run(
        [ROOT / ".ci/image/build", "x"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    committed = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert f"--timestamp\n{committed.stdout}--format\ndocker\n" in told
    assert told.endswith("BASE=here\n--format\noci\n.\n"), "what the user says comes last"


def test_program_chart_and_image_have_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    front = (ROOT / "front.py").read_text(encoding="utf-8")
    chart = (ROOT / "helm" / "earshot" / "Chart.yaml").read_text(encoding="utf-8")
    assert f'VERSION = "{project["version"]}"\n' in front
    assert re.search(rf'^appVersion: "?{re.escape(project["version"])}"?$', chart, re.MULTILINE)


@pytest.fixture
def tree() -> Path:
    needs_sandbox()
    return image.shared()


@pytest.fixture
def volumes(tree: Path) -> Iterator[list[Mount]]:
    """What a container is given: its configuration, its data, somewhere for what is passing."""
    folder = Path(tempfile.mkdtemp(prefix="earshot-volumes-"))
    folder.chmod(0o755)
    for name in ("etc", "data", "tmp", "input"):
        (folder / name).mkdir()
    (folder / "etc" / "earshot.yaml").write_text(CONFIG, encoding="utf-8")
    give_away(folder / "data")
    give_away(folder / "tmp")
    yield [
        Mount(tree, image.HOME),
        Mount(folder / "etc", "/etc/earshot"),
        Mount(folder / "input", "/input"),
        Mount(folder / "data", "/var/lib/earshot", writable=True),
        Mount(folder / "tmp", "/tmp", writable=True),
    ]
    shutil.rmtree(folder)


def test_the_image_tells_its_version_and_has_no_more_packages_than_the_lock(volumes: list[Mount], tree: Path) -> None:
    told = run(["earshot", "--version"], volumes, image.environment())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (told.returncode, told.stdout) == (0, f"earshot {project['version']}\n"), told.stderr
    missing = run([f"{image.HOME}/.venv/bin/python", "-c", "import pytest"], volumes, image.environment())
    assert "ModuleNotFoundError" in missing.stderr
    assert not [path for path in tree.rglob("*") if path.name in ("pip", "tests", "bench") and path.parent == tree]


def test_the_image_checks_a_configuration_and_writes_what_it_was_made_with(volumes: list[Mount], tree: Path) -> None:
    checked = run(["earshot", "check"], volumes, image.environment())
    assert checked.returncode == 0, checked.stdout + checked.stderr
    written = run(["earshot", "dashboards", "--directory", "/tmp"], volumes, image.environment())
    assert written.returncode == 0, written.stderr
    folder = next(mount.source for mount in volumes if mount.target == "/tmp")
    for made in ("grafana/overview.json", "rules/service.yaml"):
        assert (folder / made).read_bytes() == (tree / "dashboards" / made).read_bytes()
    assert sorted(path.name for path in (tree / "metrics" / "ledger" / "migrations" / "versions").glob("*.py"))


def test_the_image_runs_as_nobody_on_a_root_that_is_read_only_and_says_whether_it_is_well(
    volumes: list[Mount], tree: Path
) -> None:
    environment = {
        **image.environment(),
        "EARSHOT_PAGE__PORT": str(free_port()),
        "EARSHOT_WORKER__PORT": str(free_port()),
    }
    files = sorted(str(path) for path in tree.rglob("*"))
    assert run(image.words("HEALTHCHECK"), volumes, environment).returncode == 1
    process = subprocess.Popen(contained([*image.words("ENTRYPOINT"), *image.words("CMD")], volumes, environment))
    try:
        late = time.monotonic() + 180
        while run(image.words("HEALTHCHECK"), volumes, environment).returncode != 0:
            assert process.poll() is None, "it ended"
            assert time.monotonic() < late, "it does not answer"
            time.sleep(0.2)
    finally:
        tell_to_end(process)
        assert process.wait(180) == 0
    written = next(mount.source for mount in volumes if mount.target == "/var/lib/earshot")
    assert (written / "earshot.db").exists()
    assert sorted(str(path) for path in tree.rglob("*")) == files
