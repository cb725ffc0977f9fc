"""Keeping Grafana in step: a folder, our dashboards by uid, an annotation for every message sent. What differs is found first and
told, then
put there; what is not ours is never touched, and nothing is deleted. Talking is left to `publish`."""

import difflib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboards.board import TAG
from dashboards.publish import Exists, Forbidden, GrafanaFailed, NotThere, Port
from metrics.snapshot import MessageInfo

FOLDER_UID = "earshot"
_MOST = 5000  # annotations that are asked for at once
_SHOWN = 12  # lines of a difference
Tree = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """`datasource`: a uid, or "" to look for one. `dashboards`: as in their files."""

    folder: str
    datasource: str
    dashboards: Sequence[Tree]
    messages: Sequence[MessageInfo] = ()


@dataclass(frozen=True)
class Change:
    """`what`: in a few words; `difference`: the lines that differ."""

    what: str
    difference: Sequence[str] = ()


class Keeper:
    """`dry`: nothing is written, and what would be is told."""

    def __init__(self, port: Port, *, dry: bool = False) -> None:
        self._port = port
        self._dry = dry

    def keep(self, wanted: Wanted) -> Iterator[Change]:
        """What was changed, or would be, one after the other. GrafanaFailed where it does not go on; what was done stands, and trying
        again goes on from there."""
        source = self._find_source(wanted.datasource)
        folder, change = self._folder(wanted.folder)
        if change is not None:
            yield change
        for dashboard in wanted.dashboards:
            yield from self._dashboard(_with_source(dashboard, source), folder)
        yield from self.annotate(wanted.messages)

    def _find_source(self, given: str) -> Tree:
        if given:
            try:
                found: Tree = self._port.call("GET", f"/datasources/uid/{given}")
            except NotThere:
                raise GrafanaFailed(
                    f"Grafana has no data source with the uid {given}: see `grafana.datasource`."
                ) from None
            except Forbidden:
                # Editors may use a data source without being allowed to look at it: then its uid is taken as it is given.
                return {"uid": given, "name": given}
            return found
        try:
            sources = self._port.call("GET", "/datasources")
        except Forbidden as error:
            raise Forbidden(f"{error} Or write the uid of the data source as `grafana.datasource`.") from None
        fitting = [source for source in sources if source["type"] == "prometheus"]
        if not fitting:
            raise GrafanaFailed("Grafana has no Prometheus among its data sources: add one, or see docs/grafana.md.")
        return min(fitting, key=lambda source: (not source.get("isDefault", False), source.get("id", 0)))

    def _folder(self, title: str) -> tuple[Tree, Change | None]:
        with suppress(NotThere):  # under our uid; it may stand there under its title, or is made
            return self._port.call("GET", f"/folders/{FOLDER_UID}"), None
        for folder in self._port.call("GET", "/folders?limit=1000"):
            if folder["title"] == title:
                return folder, None
        change = Change(f"folder {title}: new")
        if self._dry:
            return {"uid": FOLDER_UID, "id": 0, "title": title}, change
        try:
            return self._port.call("POST", "/folders", {"uid": FOLDER_UID, "title": title}), change
        except Exists:
            # Somebody else, perhaps another of us, was quicker.
            return self._port.call("GET", f"/folders/{FOLDER_UID}"), None

    def _dashboard(self, wanted: Tree, folder: Tree) -> Iterator[Change]:
        uid = wanted["uid"]
        try:
            found = self._port.call("GET", f"/dashboards/uid/{uid}")
        except NotThere:
            yield Change(f"dashboard {uid}: new")
        else:
            standing, about = found["dashboard"], found["meta"]
            if about.get("provisioned"):
                yield Change(f"dashboard {uid}: left alone, Grafana has it from a file")
                return
            if TAG not in standing.get("tags", ()):
                raise GrafanaFailed(
                    f"The dashboard with the uid {uid} is not ours (it has no tag {TAG}): nothing was changed there."
                )
            difference = _difference(standing, wanted)
            moved = about.get("folderUid", folder["uid"]) != folder["uid"]
            if not difference and not moved:
                return
            yield Change(f"dashboard {uid}: {'moved and ' if moved else ''}different", difference)
        if not self._dry:
            # Older lines know the folder by its number alone; newer ones by its uid.
            body = {"dashboard": wanted, "folderUid": folder["uid"], "folderId": folder.get("id", 0), "overwrite": True}
            self._port.call("POST", "/dashboards/db", body | {"message": "written by Earshot"})

    def annotate(self, messages: Sequence[MessageInfo]) -> Iterator[Change]:
        """An annotation for every message, once: known by its tags, mended where it changed."""
        sent = [message for message in messages if message.sent_at]
        if not sent:
            return
        moments = [message.sent_at // 1000 for message in sent]
        asked = {"from": min(moments) - 1, "to": max(moments) + 1, "tags": TAG, "type": "annotation", "limit": _MOST}
        known = {
            tag: each for each in self._port.call("GET", f"/annotations?{urlencode(asked)}") for tag in each["tags"]
        }
        for message, moment in zip(sent, moments, strict=True):
            text = f"{message.title or message.message} ({message.channel})" if message.channel else message.title
            body = {"time": moment, "tags": [TAG, _tag(message)], "text": text}
            yield from self._annotation(known.get(_tag(message)), body, message)

    def _annotation(self, standing: Tree | None, body: Tree, message: MessageInfo) -> Iterator[Change]:
        if standing is None:
            yield Change(f"annotation of {message.message}: new")
            if not self._dry:
                # Not again at once: the next time looks first whether it is there.
                self._port.call("POST", "/annotations", body, again=False)
        elif (standing["time"], standing["text"]) != (body["time"], body["text"]):
            yield Change(f"annotation of {message.message}: different")
            if not self._dry:
                self._port.call("PATCH", f"/annotations/{standing['id']}", body)


def _tag(message: MessageInfo) -> str:
    return f"message:{message.message}"


def _with_source(dashboard: Tree, source: Tree) -> Tree:
    """The dashboard with this data source chosen on top."""
    chosen = {"current": {"selected": True, "text": source["name"], "value": source["uid"]}}
    variables = [
        {**each, **chosen} if each["type"] == "datasource" else each for each in dashboard["templating"]["list"]
    ]
    return {**dashboard, "templating": {"list": variables}}


def _difference(standing: Tree, wanted: Tree) -> list[str]:
    """Lines that differ; Grafana's own number and version are none of ours."""
    bare = {key: value for key, value in standing.items() if key not in ("id", "version")}
    before, after = (
        json.dumps(tree, indent=1, sort_keys=True, ensure_ascii=False).splitlines() for tree in (bare, wanted)
    )
    compared = difflib.unified_diff(before, after, n=0, lineterm="")
    lines = [line for line in compared if not line.startswith(("---", "+++", "@@"))]
    if len(lines) > _SHOWN:
        return [*lines[:_SHOWN], f"... and {len(lines) - _SHOWN} lines more"]
    return lines
