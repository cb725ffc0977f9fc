"""SendGrid's event webhook: an array of flat objects, the sender's unique arguments merged at their top level.
Checking its signature is left to the intake."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import msgspec

from collectors.agents import classify_mail
from collectors.decoder import Decoded, Skipped
from collectors.events import Event, Undecodable
from collectors.fields import MAX_URL, check_text, find_text, require_text
from collectors.options import read_options
from collectors.references import canonical_url, message_reference
from collectors.source import Record
from collectors.times import SECONDS, read_epoch
from collectors.unwrap import decode_all

_ACTIONS = {
    "processed": "queued",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "bounced",  # of type `blocked` too: neither arrived
    "dropped": "rejected",
    "open": "opened",
    "click": "clicked",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
}
_SKIPPED = frozenset({"group_resubscribe", "account_status_change"})

# Every key the vendor is known to use: what else stands beside them is an argument of the sender's.
# https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event, and payloads of Marketing Campaigns.
_VENDOR_KEYS = frozenset(
    {
        *("asm_group_id", "attempt", "bounce_classification", "category", "cert_err", "email", "event", "ip"),
        *("newsletter", "outbound_ip", "outbound_ip_type", "pool", "post_type", "reason", "response"),
        *("send_at", "smtp-id", "status", "template", "timestamp", "tls", "type", "unique_args", "url"),
        *("url_offset", "useragent", "sg_content_type", "sg_event_id", "sg_machine_open", "sg_message_id"),
        *("sg_template_id", "sg_template_name", "sg_user_id", "marketing_campaign_id"),
        *("marketing_campaign_name", "marketing_campaign_split_id", "marketing_campaign_version", "mc_auto_id"),
        *("mc_auto_name", "mc_pod_id", "mc_stats", "phase_id", "singlesend_id", "singlesend_name"),
        *("template_hash", "template_id", "template_version_id"),
    }
)
# No sender's argument begins so: a key that does, and is not above, is new with the vendor.
_VENDOR_PREFIXES = ("sg_", "mc_", "singlesend_", "marketing_campaign_")
# What follows names the servers that handled one copy: `14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0`,
# and since about 2020 `3LrszcohQRKSoqw.recvd-67fdc7b4d6-wbpn9-1-666CAB97-15.0`.
_SERVERS = (".filter", ".stfilter", ".recvd")
_MACHINE = {True: "yes", False: "no"}


class Options(msgspec.Struct, frozen=True):
    """`message_key`: the unique argument that carries our id of the message. `parameters`: of a link's query, those that
    are part of the link."""

    message_key: str = "earshot_message"
    parameters: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.message_key or self.message_key in _VENDOR_KEYS:
            raise ValueError("a name that SendGrid does not use itself")


class SendGrid:
    """Decoder; see `collectors.decoder`."""

    shows = frozenset(_ACTIONS.values())

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = read_options(options, Options)

    def decode(self, record: Record) -> Sequence[Decoded]:
        return decode_all(record.body, partial(self._understand, record.received_at))

    def _understand(self, received_at: int | None, document: dict[str, Any]) -> Decoded:
        kind = require_text(document, "event")
        drift = _count_drift(tuple(document))
        action = _ACTIONS.get(kind)
        if action is None:
            if kind in _SKIPPED:
                return Decoded(Skipped(kind), drift=drift)
            raise Undecodable("unknown_type", "the event is none that the vendor documents")
        event = Event(
            action,
            self._find_reference(document),
            None,
            None,
            read_epoch(document.get("timestamp"), SECONDS, "timestamp"),
            received_at,
            find_text(document, "sg_event_id"),
            "webhook",
        )
        if kind == "open":
            event.evidence = "pixel"
            event.machine = _read_machine(document.get("sg_machine_open"))
            event.agent = _read_agent(document)
        elif kind == "click":
            event.agent = _read_agent(document)
            event.link = self._read_link(document)
        return Decoded(event, require_text(document, "email"), drift)

    def _find_reference(self, document: dict[str, Any]) -> str:
        """Our id, else the vendor's, which every event of a mail carries, else the Message-ID, which opens and clicks lack."""
        ours = find_text(document, self._options.message_key)
        if ours is not None:
            return message_reference(ours)
        vendors = find_text(document, "sg_message_id")
        if vendors is not None:
            for servers in _SERVERS:
                vendors = vendors.partition(servers)[0]
            if vendors.strip():
                return vendors.strip()
        original = find_text(document, "smtp-id")
        if original is None:
            raise Undecodable("no_subject", "no id of the message: neither ours, nor sg_message_id, nor smtp-id")
        return message_reference(original)

    def _read_link(self, document: dict[str, Any]) -> str | None:
        link = find_text(document, "url", MAX_URL)
        return None if link is None else check_text(canonical_url(link, self._options.parameters), "url")


def _read_machine(flag: Any) -> str:
    if flag is None:
        return "unknown"
    if type(flag) is not bool:
        raise Undecodable("bad_value", "sg_machine_open: neither true nor false")
    return _MACHINE[flag]


def _read_agent(document: dict[str, Any]) -> str | None:
    agent = document.get("useragent")
    if agent is None:
        return None
    if type(agent) is not str:
        raise Undecodable("bad_value", "useragent: not a text")
    return classify_mail(agent)


@lru_cache(maxsize=1024)
def _count_drift(keys: tuple[str, ...]) -> int:
    return sum(key.startswith(_VENDOR_PREFIXES) and key not in _VENDOR_KEYS for key in keys)
