"""Helm as a program, the newest and the one before, on a control plane. What is asked of it is left to `scenario`."""

import os
import subprocess
from pathlib import Path

from tests.cluster.control_plane import CACHE, ControlPlane

_SECONDS = 1200


class Helm:
    """`major`: 4 or 3. `version`: as it says it."""

    def __init__(self, plane: ControlPlane, major: int, namespace: str) -> None:
        self.major = major
        self._namespace = namespace
        self._program = str(CACHE / f"helm{major}")
        home = {
            f"HELM_{part}_HOME": str(plane.folder / f"helm{major}" / part.lower())
            for part in ("CACHE", "CONFIG", "DATA")
        }
        self._environment = {**os.environ, **home, "KUBECONFIG": str(plane.kubeconfig)}
        self.version = self.run("version", "--template", "{{.Version}}")

    @property
    def rolls_back(self) -> str:
        """The flag under which what failed is taken back."""
        return "--rollback-on-failure" if self.major >= 4 else "--atomic"

    def run(self, *words: str, fails: bool = False) -> str:
        """What it prints; AssertionError where it fails, or does not although it should."""
        command = [self._program, *words, "--namespace", self._namespace]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, env=self._environment)
        assert (done.returncode != 0) == fails, f"helm {' '.join(words)}: {done.stdout}{done.stderr}"
        return (done.stdout + done.stderr).strip()

    def history(self) -> list[str]:
        """What became of each revision, in order."""
        lines = self.run("history", "earshot").splitlines()[1:]
        return [next(word for word in line.split("\t")[2:] if word.strip()).strip() for line in lines if "\t" in line]

    def template(self, chart: Path, values: Path, server: str) -> str:
        """As it is rendered for a version of Kubernetes."""
        return self.run("template", "earshot", str(chart), "--values", str(values), "--kube-version", server)
