"""A stand-in for Grafana, as strict as the real one where it was seen or is documented: its rights, status codes and shapes of answers, and
faults on request. It is no Grafana: what only a real one can prove is listed in docs/grafana.md."""

import http.server
import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

Tree = dict[str, Any]
Answer = tuple[int, Any]
ADMIN, EDITOR, VIEWER = "token-of-an-admin", "token-of-an-editor", "token-of-a-viewer"
_NO_RIGHTS: Answer = (403, {"message": "You'll need additional permissions to perform this action."})


@dataclass
class State:
    """`knows_folder_uid`: older lines know a dashboard's folder by its number alone. `faults`: what the next calls come to: a
    status instead of an answer, how many seconds the answer takes, or None where all is well."""

    folders: dict[str, Tree] = field(default_factory=dict)
    dashboards: dict[str, Tree] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    provisioned: set[str] = field(default_factory=set)
    datasources: list[Tree] = field(default_factory=list)
    annotations: list[Tree] = field(default_factory=list)
    knows_folder_uid: bool = True
    faults: list[int | float | None] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    number: int = 0

    def next_number(self) -> int:
        self.number += 1
        return self.number


class Grafana:
    """Listens until it is closed."""

    def __init__(self) -> None:
        self.state = State()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                outer._answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: `asked` has it."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def writes(self) -> list[tuple[str, str]]:
        return [asked for asked in self.state.asked if asked[0] != "GET"]

    def _answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        raw = handler.rfile.read(length)
        with self._lock:
            self.state.asked.append((handler.command, handler.path))
            fault = self.state.faults.pop(0) if self.state.faults else None
            status, body = self._faulty(fault) if isinstance(fault, int) else self._serve(handler, raw)
        if isinstance(fault, float) and self._closing.wait(fault):
            return
        content = b"" if body is None else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    @staticmethod
    def _faulty(status: int) -> Answer:
        return (status, None) if status == 204 else (status, {"message": "a fault on request"})

    def _serve(self, handler: http.server.BaseHTTPRequestHandler, raw: bytes) -> Answer:
        token = (handler.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token not in (ADMIN, EDITOR, VIEWER):
            return 401, {"message": "Invalid API key"}
        if token == VIEWER and handler.command != "GET":
            return _NO_RIGHTS
        parts = urlsplit(handler.path)
        steps = parts.path.removeprefix("/api/").split("/")
        body = json.loads(raw) if raw and raw != b"null" else {}
        match (handler.command, *steps):
            case ("GET", "datasources", *rest):
                return self._source(rest) if token == ADMIN else _NO_RIGHTS
            case ("GET", "folders"):
                return 200, list(self.state.folders.values())
            case ("GET", "folders", uid):
                found = self.state.folders.get(uid)
                return (200, found) if found else (404, {"message": "folder not found", "status": "not-found"})
            case ("POST", "folders"):
                return self._make_folder(body)
            case ("GET", "dashboards", "uid", uid):
                return self._dashboard(uid)
            case ("POST", "dashboards", "db"):
                return self._save(body)
            case ("GET", "annotations"):
                return 200, self._annotations(parse_qs(parts.query))
            case ("POST", "annotations"):
                return self._annotate(body)
            case ("PATCH", "annotations", number):
                return self._mend(int(number), body)
        return 404, {"message": "Not found"}

    def _source(self, rest: list[str]) -> Answer:
        if not rest:
            return 200, self.state.datasources
        found = [each for each in self.state.datasources if rest == ["uid", each["uid"]]]
        return (200, found[0]) if found else (404, {"message": "Data source not found"})

    def _make_folder(self, body: Tree) -> Answer:
        title, uid = body.get("title", ""), body.get("uid", "")
        if not title:
            return 400, {"message": "folder title cannot be empty"}
        if uid in self.state.folders or title in {each["title"] for each in self.state.folders.values()}:
            return 412, {"message": "a folder or dashboard in the general folder with the same name already exists"}
        made = {"id": self.state.next_number(), "uid": uid, "title": title, "version": 1}
        self.state.folders[uid] = made
        return 200, made

    def _dashboard(self, uid: str) -> Answer:
        if uid not in self.state.dashboards:
            return 404, {"message": "Dashboard not found"}
        about = {"folderUid": self.state.places.get(uid, ""), "provisioned": uid in self.state.provisioned}
        return 200, {"dashboard": self.state.dashboards[uid], "meta": about}

    def _save(self, body: Tree) -> Answer:
        dashboard = body["dashboard"]
        uid, title = dashboard["uid"], dashboard.get("title", "")
        if not title:
            return 400, {"message": "Dashboard title cannot be empty"}
        if uid in self.state.provisioned:
            return 400, {"message": "Cannot save provisioned dashboard"}
        place = self._place(body)
        if place is None:
            return 400, {"message": "folder not found"}
        standing = self.state.dashboards.get(uid)
        if standing and not body.get("overwrite") and dashboard.get("version") != standing["version"]:
            return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
        version = standing["version"] + 1 if standing else 1
        number = standing["id"] if standing else self.state.next_number()
        self.state.dashboards[uid] = {**dashboard, "id": number, "version": version}
        self.state.places[uid] = place
        return 200, {
            "id": number,
            "uid": uid,
            "version": version,
            "status": "success",
            "url": f"/d/{uid}/x",
            "slug": "x",
        }

    def _place(self, body: Tree) -> str | None:
        """The folder's uid; "" is General; None where there is no such folder."""
        if self.state.knows_folder_uid and body.get("folderUid"):
            return body["folderUid"] if body["folderUid"] in self.state.folders else None
        number = body.get("folderId", 0)
        return next(
            (uid for uid, each in self.state.folders.items() if each["id"] == number), "" if not number else None
        )

    def _annotations(self, asked: dict[str, list[str]]) -> list[Tree]:
        since, until = int(asked.get("from", ["0"])[0]), int(asked.get("to", ["9" * 15])[0])
        tags, limit = set(asked.get("tags", ())), int(asked.get("limit", ["100"])[0])
        return [
            each for each in self.state.annotations if since <= each["time"] <= until and tags <= set(each["tags"])
        ][:limit]

    def _annotate(self, body: Tree) -> Answer:
        if not body.get("text"):
            return 400, {"message": "text field should not be empty"}
        number = self.state.next_number()
        self.state.annotations.append({"id": number, "timeEnd": body["time"], **body})
        return 200, {"id": number, "message": "Annotation added"}

    def _mend(self, number: int, body: Tree) -> Answer:
        found = [each for each in self.state.annotations if each["id"] == number]
        if not found:
            return 404, {"message": "Could not find annotation to update"}
        found[0].update(body)
        return 200, {"message": "Annotation patched"}
