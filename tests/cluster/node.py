"""Stands in for nodes and kubelets: every pod is bound and said to run, and what the hook would check is checked by the program itself. No
container ever runs here; what that leaves unproven is said by `scenario`."""

import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from tests.cluster.control_plane import ControlPlane, Object

ROOT = Path(__file__).parents[2]
BROKEN_TAG = "does-not-exist"
_NAME = "node-1"
_EVERY_SECONDS = 0.2


class Node:
    """One node on which everything runs. A context: until its end it looks after pods in a thread."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="node", daemon=True)
        self.failed: Exception | None = None

    def __enter__(self) -> "Node":
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": _NAME}}
        self._plane.ask("POST", "/api/v1/nodes", node)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            try:
                for pod in self._plane.list("/api/v1/pods"):
                    # It may be gone, or be another, by now.
                    with suppress(HTTPError):
                        self._look_after(pod)
            except Exception as error:  # noqa: BLE001 # told by whoever waits for what never comes
                self.failed = error

    def _look_after(self, pod: Object) -> None:
        path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"
        if "deletionTimestamp" in pod["metadata"]:
            self._plane.ask("DELETE", path, {"gracePeriodSeconds": 0})
        elif "nodeName" not in pod["spec"]:
            binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": pod["metadata"]["name"]}}
            self._plane.ask("POST", f"{path}/binding", {**binding, "target": {"kind": "Node", "name": _NAME}})
        elif pod["status"].get("phase") == "Pending":
            self._tell(path, self._begin(pod))

    def _tell(self, path: str, status: Object) -> None:
        self._plane.ask("PATCH", f"{path}/status", {"status": status}, kind="application/merge-patch+json")

    def _begin(self, pod: Object) -> Object:
        """What becomes of a pod: an image that is not there never starts, a Job ends, the rest runs and is ready."""
        containers = pod["spec"]["containers"]
        if any(each["image"].endswith(f":{BROKEN_TAG}") for each in containers):
            waiting = {"waiting": {"reason": "ImagePullBackOff"}}
            return {
                "phase": "Pending",
                "containerStatuses": [_status(each, waiting, ready=False) for each in containers],
            }
        if pod["spec"]["restartPolicy"] != "Always":
            well = containers[0]["args"][0] != "check" or self._check(pod, containers[0]["args"])
            ended = {"terminated": {"exitCode": 0 if well else 1, "reason": "Completed" if well else "Error"}}
            statuses = [_status(each, ended, ready=False) for each in containers]
            return {"phase": "Succeeded" if well else "Failed", "containerStatuses": statuses}
        conditions = [
            {"type": kind, "status": "True"} for kind in ("Initialized", "ContainersReady", "Ready", "PodScheduled")
        ]
        statuses = [_status(each, {"running": {}}, ready=True) for each in containers]
        return {
            "phase": "Running",
            "conditions": conditions,
            "containerStatuses": statuses,
            "podIP": "127.0.0.1",
            "hostIP": "127.0.0.1",
        }

    def _check(self, pod: Object, words: list[str]) -> bool:
        """Whether the program takes the configuration that the pod mounts."""
        [name] = [volume["configMap"]["name"] for volume in pod["spec"]["volumes"] if "configMap" in volume]
        found = self._plane.ask("GET", f"/api/v1/namespaces/{pod['metadata']['namespace']}/configmaps/{name}")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "earshot.yaml"
            file.write_text(found["data"]["earshot.yaml"], encoding="utf-8")
            command = [sys.executable, str(ROOT / "service.py"), *words, "--config", str(file)]
            return subprocess.run(command, capture_output=True, cwd=ROOT).returncode == 0


def _status(container: Object, state: dict[str, Any], *, ready: bool) -> Object:
    return {
        **{"name": container["name"], "image": container["image"], "imageID": "", "restartCount": 0},
        **{"state": state, "ready": ready, "started": ready},
    }
