"""A command as a container runs it: a user without any right, a root that nobody can write to, and nothing to see but what is mounted.
What is mounted is left to the tests."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER = 10001
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ssl", "/etc/ld.so.cache", "/etc/alternatives")


@dataclass(frozen=True)
class Mount:
    """`source` as `target`; read-only unless it is `writable`."""

    source: Path
    target: str
    writable: bool = False


def needs_sandbox() -> None:
    """Skip the test that asks, where nothing can be shut in (in CI that is a failure)."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not here (Debian's package bubblewrap)")
    command = contained(["true"], [], {})
    if subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("bubblewrap may not shut anything in here (user namespaces are off)")


def contained(words: Sequence[str], mounts: Sequence[Mount], environment: Mapping[str, str]) -> list[str]:
    """The command line. The network is that of the test."""
    command = ["bwrap", "--die-with-parent", "--unshare-ipc", "--unshare-pid", "--as-pid-1", "--clearenv"]
    if os.geteuid() != 0:
        command += ["--unshare-user", "--uid", str(USER), "--gid", str(USER)]
    system = [path for path in (*_SYSTEM, sys.base_prefix) if os.path.exists(path)]
    for path in filter(os.path.islink, system):
        command += ["--symlink", os.readlink(path), path]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for mount in (*(Mount(Path(path), path) for path in system if not os.path.islink(path)), *mounts):
        # Folders on the way, left to bwrap, nobody else may enter.
        for parent in reversed(Path(mount.target).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--bind" if mount.writable else "--ro-bind", str(mount.source), mount.target]
    command += ["--remount-ro", "/"]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return [*command, "--", *_without_rights(), *words]


def _without_rights() -> list[str]:
    """Root is another user outside as well; who is not root cannot be anybody else there."""
    if os.geteuid() != 0:
        return []
    return [
        "setpriv",
        f"--reuid={USER}",
        f"--regid={USER}",
        "--clear-groups",
        "--no-new-privs",
        "--bounding-set=-all",
        "--inh-caps=-all",
    ]


def tell_to_end(process: "subprocess.Popen[Any]", how: signal.Signals = signal.SIGTERM) -> None:
    """For what is shut in, the first process of its container; what shut it in ends with its status."""
    with suppress(FileNotFoundError):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        for child in map(int, children):
            os.kill(child, how)


def end_at_once(process: "subprocess.Popen[Any]") -> None:
    """Both: what is shut in is another user and outlives what shut it in."""
    tell_to_end(process, signal.SIGKILL)
    process.kill()
    process.wait()


def give_away(path: Path) -> Path:
    """A file or folder that the command may write to, as Kubernetes gives a volume to a pod's group."""
    if os.geteuid() == 0:
        for each in (path, *path.rglob("*")):
            os.chown(each, USER, USER)
    return path


def run(
    words: Sequence[str], mounts: Sequence[Mount], environment: Mapping[str, str], **more: Any
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(contained(words, mounts, environment), capture_output=True, text=True, timeout=300, **more)
