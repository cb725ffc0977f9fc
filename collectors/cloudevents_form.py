"""The form of a CloudEvent by the contract: which fields it has, and of what type. Reading one is left to the decoder, reading many
together to `cloudevents_many`."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from collectors.events import ACTIONS, PUBLISHED, Channel, Machine, Stance
from collectors.fields import Name, Text, Url

ACTION_OF_TYPE = {f"earshot.{action}": action for action in ACTIONS}
PUBLISHED_TYPE = f"earshot.{PUBLISHED}"
ABOUT_ITEMS = frozenset({"raised", "decided", "implemented", "recognised"})

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class Data(msgspec.Struct, gc=False):
    address: Text | None = None
    person: Text | None = None
    channel: Channel | None = None
    evidence: Text | None = None
    machine: Machine | None = None
    agent: Text | None = None
    engaged_seconds: Seconds | None = None
    link: Url | None = None
    item: Text | None = None
    question: Name | None = None
    choice: Name | None = None
    value: float | None = None
    version: Name | None = None
    stance: Stance | None = None
    cell: dict[Name, Name] | None = None


class Context(msgspec.Struct, gc=False):
    """The attributes that mean something here; all others are extensions, and no drift."""

    specversion: str
    id: Text
    source: Text
    type: str
    subject: Url | None = None
    time: str | None = None
    receivedtime: str | None = None
    datacontenttype: str | None = None


class Envelope(Context):
    data: Data | None = None


class Plain(Envelope):
    """Nothing but what is known, extensions that many producers send among it."""

    specversion: Literal["1.0"]
    type: Literal[tuple(ACTION_OF_TYPE)]  # type: ignore[valid-type]
    data: Data = msgspec.field(default_factory=Data)
    dataschema: str | None = None
    partitionkey: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None


class Publication(Context):
    data: dict[str, Any] | None = None


DATA_NAMES = frozenset(Data.__struct_fields__)
# The keys of the contract, section 2; anything else in an entry could be a name or a text, and goes no further.
ENTRY_NAMES = {
    *("action", "audience", "campaign", "channel", "content_id", "due_at", "expects", "goal", "holdout", "id", "ids"),
    *(
        "language",
        "links",
        "owner",
        "purpose",
        "questions",
        "reminder_of",
        "sender",
        "sent_at",
        "setting",
        "title",
        "totals",
    ),
    *("topic", "urgent", "version", "words"),
}


def is_binary(headers: Mapping[str, str]) -> bool:
    """Whether the attributes are headers and the body is the data alone."""
    structured = headers.get("content-type", "").lower().startswith("application/cloudevents")
    return not structured and not headers.keys().isdisjoint(("ce_specversion", "ce-specversion"))
