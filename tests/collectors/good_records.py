"""Good records to change one thing in: what each decoder accepts."""

import json
from typing import Any


def cloudevent(**changes: Any) -> dict[str, Any]:
    """A good event with some attributes changed; `data` is laid over the good data; None takes one away."""
    data = {"address": "anna@example.org", "channel": "intranet", "evidence": "server_log", **changes.pop("data", {})}
    event = {
        "specversion": "1.0",
        "id": "7f3c",
        "source": "/intranet",
        "type": "earshot.read",
        "subject": "m-2026-041",
        "time": "2026-11-02T08:15:00Z",
        "data": {name: value for name, value in data.items() if value is not None},
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def sendgrid_event(**changes: Any) -> dict[str, Any]:
    """A good delivery with some keys changed; None takes one away."""
    event = {
        "email": "anna@example.org",
        "timestamp": 1793607300,
        "event": "delivered",
        "sg_event_id": "ZGVsaXZlcmVk",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


LOG_LINE = '192.0.2.7 - anna [02/Nov/2026:08:15:00 +0000] "GET /news/41 HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11) Firefox/140.0"'


def encode(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
