"""What is tried of the chart on a real API server, and what of it was seen. Starting things is left to the neighbours."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.control_plane import CACHE, ControlPlane, Object
from tests.cluster.helm import Helm
from tests.cluster.node import BROKEN_TAG, ROOT

CHART = ROOT / "helm" / "earshot"
NAMESPACE = "communication"
VALUES: Object = {
    "mode": "distributed",
    "config": {
        "kafka": {"brokers": ["kafka.example.org:9093"]},
        "sources": [{"name": "mail", "decoder": "cloudevents", "channel": "email", "from": {"topics": ["mail"]}}],
        "targets": [{"name": "reach", "indicator": "reach", "value": 0.7}],
    },
    "keys": {"existingSecret": "earshot-keys"},
    "database": {"existingSecret": "earshot-database"},
    "import": {"enabled": True},
    "monitoring": {
        "serviceMonitor": {"enabled": True},
        "podMonitor": {"enabled": True},
        "rules": {"enabled": True},
        "dashboards": {"enabled": True},
    },
    "networkPolicy": {"enabled": True},
}
SECRETS = {"earshot-keys": ("pseudonym.key", "erasure.key"), "earshot-database": ("url",)}
# Longer than anything takes on a busy machine: what fails by itself is not waited for.
PATIENCE = "600s"
_PATIENCE_SECONDS = 600.0
# An image that is not there is waited for that long.
_BROKEN = "20s"


class Scenario:
    """`seen`: sentences, each true when it is there; of whom it is said stands before it."""

    def __init__(self, plane: ControlPlane, folder: Path) -> None:
        self.plane = plane
        self.seen: list[str] = []
        self._folder = folder
        self._values = folder / "values.yaml"
        self._values.write_text(yaml.safe_dump(VALUES), encoding="utf-8")
        self._next = self._another_version(folder / "next")

    def _another_version(self, folder: Path) -> Path:
        """The same chart as it might be in its next version: of another image."""
        shutil.copytree(CHART, folder)
        written = yaml.safe_load((folder / "Chart.yaml").read_text(encoding="utf-8"))
        text = yaml.safe_dump({**written, "version": "0.99.0", "appVersion": "0.99.0"}, sort_keys=False)
        (folder / "Chart.yaml").write_text(text, encoding="utf-8")
        return folder

    def prepare(self) -> None:
        """The namespace, *restricted*; the kinds of the operator and of KEDA; Secrets."""
        for crd in sorted((CACHE / "crds").glob("*.yaml")):
            self.plane.kubectl("apply", "--server-side", "-f", str(crd))
        self.plane.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=600s")
        levels = {f"pod-security.kubernetes.io/{what}": "restricted" for what in ("enforce", "warn")}
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": levels}}
        self.plane.ask("POST", "/api/v1/namespaces", namespace)
        for name, keys in SECRETS.items():
            secret = {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": name},
                "stringData": dict.fromkeys(keys, "x"),
            }
            self.plane.ask("POST", f"/api/v1/namespaces/{NAMESPACE}/secrets", secret)

    def run(self, helm: Helm) -> None:
        for step in (self.install, self.evict, self.upgrade, self.refuse, self.fail, self.roll_back, self.uninstall):
            with self._timed(helm):
                step(helm)

    @contextmanager
    def _timed(self, helm: Helm) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seen[-1] = f"{self.seen[-1]} ({helm.version}, {time.monotonic() - began:.0f} s)"

    def pods(self, component: str = "") -> dict[str, str]:
        """Those that run and are not about to end: uid to image."""
        found = self.plane.list(f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector=app.kubernetes.io/instance=earshot")
        return {
            pod["metadata"]["uid"]: pod["spec"]["containers"][0]["image"]
            for pod in found
            if pod["status"].get("phase") == "Running" and "deletionTimestamp" not in pod["metadata"]
            if component in ("", pod["metadata"]["labels"]["app.kubernetes.io/component"])
        }

    def _until(self, what: str, holds: Callable[[], Any]) -> None:
        late = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < late, what
            time.sleep(0.2)

    def install(self, helm: Helm) -> None:
        told = helm.run(
            "install", "earshot", str(CHART), "--values", str(self._values), "--wait", "--timeout", PATIENCE
        )
        assert "STATUS: deployed" in told, told
        assert [len(self.pods(component)) for component in ("collect", "evaluate")] == [2, 2]
        assert "would violate" not in told, told
        self.seen.append(
            "`helm install --wait` into a namespace that enforces *restricted*: deployed, four pods ready, no warning"
        )

    def evict(self, _: Helm) -> None:
        """Two of two at once may not go."""
        before = self.pods("collect")
        found = self.plane.list(
            f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector=app.kubernetes.io/component=collect"
        )
        statuses = []
        for pod in found:
            name = pod["metadata"]["name"]
            eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
            path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}/eviction"
            statuses.append(self.plane.status_of("POST", path, eviction)[0])
        assert statuses == [200, 429], statuses
        self._until("no other pod came", lambda: len(self.pods("collect")) == len(before))
        self.seen.append(
            "Two evictions of `collect` at once: the first is granted, the second refused with 429 by the PodDisruptionBudget"
        )

    def upgrade(self, helm: Helm) -> None:
        before = self.pods()
        helm.run("upgrade", "earshot", str(self._next), "--values", str(self._values), "--wait", "--timeout", PATIENCE)
        self._until(
            "old pods go on",
            lambda: set(self.pods().values()) == {"earshot:0.99.0"} and not set(before) & set(self.pods()),
        )
        self.seen.append("`helm upgrade --wait` to another version: every pod is replaced, the new image runs")

    def refuse(self, helm: Helm) -> None:
        before = self.pods()
        broken = self._folder / "broken.yaml"
        config = {**VALUES["config"], "targets": [{"name": "reach", "indicator": "raech"}]}
        broken.write_text(yaml.safe_dump({**VALUES, "config": config}), encoding="utf-8")
        words = ("upgrade", "earshot", str(self._next), "--values", str(broken), "--timeout", PATIENCE)
        told = helm.run(*words, fails=True)
        assert "pre-upgrade hooks failed" in told, told
        assert self.pods() == before
        found = self.plane.ask("GET", f"/api/v1/namespaces/{NAMESPACE}/configmaps/earshot")
        assert "raech" not in found["data"]["earshot.yaml"]
        self.seen.append(
            "An upgrade to a configuration that `earshot check` refuses: the hook fails, and neither a pod nor the ConfigMap changes"
        )

    def fail(self, helm: Helm) -> None:
        before = self.pods()
        words = (
            "upgrade",
            "earshot",
            str(self._next),
            "--values",
            str(self._values),
            "--set",
            # It is the new pods that are to fail, not the check before them.
            f"image.tag={BROKEN_TAG},check.enabled=false",
        )
        told = helm.run(*words, helm.rolls_back, "--timeout", _BROKEN, fails=True)
        assert "earshot-check" not in told, told
        assert "hooks failed" not in told, told
        assert helm.history()[-1] == "deployed", helm.history()
        self._until("the old pods are gone", lambda: set(self.pods()) == set(before))
        self.seen.append(
            f"An upgrade to an image that is not there, with `{helm.rolls_back}`: taken back, and the pods that ran before ran throughout"
        )

    def roll_back(self, helm: Helm) -> None:
        helm.run("rollback", "earshot", "1", "--wait", "--timeout", PATIENCE)
        version = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))["appVersion"]
        self._until("the new image still runs", lambda: set(self.pods().values()) == {f"earshot:{version}"})
        self.seen.append("`helm rollback` to the first revision: the earlier image runs again")

    def uninstall(self, helm: Helm) -> None:
        helm.run("uninstall", "earshot", "--wait", "--timeout", PATIENCE)
        kinds = "deployment,cronjob,service,configmap,serviceaccount,networkpolicy,poddisruptionbudget"
        kinds += ",servicemonitor,podmonitor,prometheusrule"
        selector = "app.kubernetes.io/instance=earshot"
        self._until(
            "something is left",
            lambda: not self.plane.kubectl("-n", NAMESPACE, "get", kinds, "-l", selector, "-o", "name").strip(),
        )
        self.seen.append("`helm uninstall --wait` leaves nothing behind but the Secrets, which are the user's")
