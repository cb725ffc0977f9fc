"""What checkov thinks of every object of every case, offline: what it still wants stands here with the reason why it does not get it."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.helm.chart import CASES, ROOT, Object, objects

CHECKOV = ROOT / ".cache" / "checkov" / "bin" / "checkov"

REASONS = {
    "CKV_K8S_8": "the pod of `helm test` asks once and ends: nothing is there to be found alive",
    "CKV_K8S_9": "nor to be found ready",
    "CKV_K8S_11": "a limit on CPU makes probes late when an evaluation is long; memory is limited, and CPU asked for",
    "CKV_K8S_15": "the image is pinned by version or digest, and a restart must not need the registry",
    "CKV_K8S_21": "only objects of `extraObjects` name no namespace: they get the release's",
    "CKV_K8S_40": "10001 unless the user leaves it to the cluster, as OpenShift wants",
    "CKV_K8S_43": "the digest is in the release's notes, for `image.digest`: the chart is made before the image is",
}


def test_checkov_wants_nothing_but_what_it_does_not_get_for_a_reason(tmp_path: Path) -> None:
    if not CHECKOV.exists():
        pytest.skip("checkov is not here (.ci/checkov)")
    for case in CASES:
        found = [each for each in objects(case.read_text(encoding="utf-8")) if "grafana_dashboard" not in _labels(each)]
        (tmp_path / f"{case.stem}.yaml").write_text(yaml.safe_dump_all(found), encoding="utf-8")
    command = [
        str(CHECKOV),
        "--skip-download",
        "--framework",
        "kubernetes",
        "-d",
        str(tmp_path),
        "--compact",
        "--quiet",
        "-o",
        "json",
    ]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert said["summary"]["passed"] > 1000
    assert said["summary"]["parsing_errors"] == 0
    wanted = {(each["check_id"], each["resource"]) for each in said["results"]["failed_checks"]}
    assert {check: resource for check, resource in wanted if check not in REASONS} == {}
    assert set(REASONS) - {check for check, _ in wanted} == set(), "reasons that nobody asks for any more"


def _labels(each: Object) -> Object:
    labels: Object = each["metadata"].get("labels", {})
    return labels
