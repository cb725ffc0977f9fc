"""What only a real Grafana can prove, asked of one: `python -m tests.dashboards.against_grafana --files URL` where the dashboards were
provisioned, `--publish URL` where they are to be put. Run by .github/workflows/grafana.yaml; the tests run it against the stand-in."""

import argparse
import base64
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from dashboards.generate import files
from dashboards.keeping import Keeper, Wanted
from dashboards.publish import Port
from metrics.snapshot import MessageInfo
from tests.dashboards.grafana import panels

BOARDS: list[dict[str, Any]] = [json.loads(text) for path, text in files().items() if path.startswith("grafana/")]
LETTER = MessageInfo("m-1", "A letter", "email", "", "", 1_793_609_100_000_000)
_PATIENCE_SECONDS = 120


def ask(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """As the admin of a fresh container."""
    sent = None if body is None else json.dumps(body).encode()
    headers = {
        "Authorization": f"Basic {base64.b64encode(b'admin:admin').decode()}",
        "Content-Type": "application/json",
    }
    with urllib.request.urlopen(urllib.request.Request(f"{url}{path}", sent, headers), timeout=10) as answer:
        return json.loads(answer.read())


def wait(url: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            ask(url, "/api/health")
        except (OSError, urllib.error.URLError):
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


def compare(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Whatever a version makes of the rest, no panel and no query may be lost."""
    for panel, expected in zip(panels(found), panels(wanted), strict=True):
        assert panel["title"] == expected["title"], (wanted["uid"], panel["title"])
        assert panel["type"] == expected["type"], (wanted["uid"], panel["title"])
        asked = [[each["expr"] for each in one.get("targets", ())] for one in (panel, expected)]
        assert asked[0] == asked[1], (wanted["uid"], panel["title"])


def check_files(url: str) -> None:
    wait(url)
    for board in BOARDS:
        found = ask(url, f"/api/dashboards/uid/{board['uid']}")
        assert found["meta"]["provisioned"], board["uid"]
        compare(found["dashboard"], board)


def make_token(url: str) -> str:
    wait(url)
    account = ask(url, "/api/serviceaccounts", {"name": "earshot", "role": "Editor"})
    token: str = ask(url, f"/api/serviceaccounts/{account['id']}/tokens", {"name": "earshot"})["key"]
    return token


def check_publish(url: str, token: str) -> None:
    """An editor's token: everything is put there once, reads back as it was sent, and a second time changes nothing."""
    port = Port(url, token)
    wanted = Wanted("Earshot", "prometheus", BOARDS, (LETTER,))
    made = [change.what for change in Keeper(port).keep(wanted)]
    assert len(made) == len(BOARDS) + 2, made
    for board in BOARDS:
        found = port.call("GET", f"/dashboards/uid/{board['uid']}")
        assert found["meta"]["folderUid"] == "earshot", board["uid"]
        compare(found["dashboard"], board)
    again = [f"{change.what}: {change.difference}" for change in Keeper(port).keep(wanted)]
    assert again == []
    port.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m tests.dashboards.against_grafana", description=__doc__)
    parser.add_argument("--files", metavar="URL")
    parser.add_argument("--publish", metavar="URL")
    parser.add_argument("--token", help="of a service account; without it one is made")
    asked = parser.parse_args(arguments)
    if asked.files:
        check_files(asked.files)
    if asked.publish:
        check_publish(asked.publish, asked.token or make_token(asked.publish))
    print("all of it holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
