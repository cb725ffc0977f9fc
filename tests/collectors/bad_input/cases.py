"""Malformed, hostile and oversized records: each with the decoder it is meant for and the reason it must be given. Other
tests feed them through files and the whole road."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.collectors.good_records import LOG_LINE, cloudevent, encode, sendgrid_event

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class BadInput:
    """`name`: a sentence. `reasons`: of its dead letters, in order. `good`: events that come through beside them."""

    name: str
    decoder: str
    body: bytes
    reasons: tuple[str, ...]
    good: int = 0

    @property
    def stands_in_a_line(self) -> bool:
        """Whether a file of a record a line can hold it, and gives it the same reason: it has no line end of its own, and
        is not just the mark that may begin a file."""
        return b"\n" not in self.body and not self.body.endswith(b"\r") and self.body != b"\xef\xbb\xbf"


def _cloudevents(name: str, reason: str, **changes: Any) -> BadInput:
    return BadInput(name, "cloudevents", encode(cloudevent(**changes)), (reason,))


def _sendgrid(name: str, reason: str, **changes: Any) -> BadInput:
    return BadInput(name, "sendgrid", encode([sendgrid_event(**changes)]), (reason,))


def _log(name: str, reason: str, line: str | bytes) -> BadInput:
    return BadInput(name, "access_log", line if isinstance(line, bytes) else line.encode(), (reason,))


def _raw(name: str, reason: str, body: bytes) -> BadInput:
    return BadInput(name, "cloudevents", body, (reason,))


def _wrap(times: int, wrap: Callable[[object], object], inside: object) -> object:
    for _ in range(times):
        inside = wrap(inside)
    return inside


def _sns(message: str) -> dict[str, str]:
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:123456789012:mail", "Message": message}


_GOOD = encode(cloudevent())
_OPEN = _GOOD[:-2]  # without the brackets that close data and event: what follows is another member of data

_BYTES = (
    _raw("a record of nothing but space", "empty", b"   "),
    _raw("a mark of byte order and nothing behind it", "empty", b"\xef\xbb\xbf"),
    _raw("bytes that are no text at all", "bad_json", bytes(range(128, 256))),
    _raw("a text cut in the middle of a character", "bad_utf8", _GOOD.replace(b"anna", b"ann\xc3")),
    _raw("a name with a byte that is not UTF-8", "bad_utf8", _OPEN + b',"\xff":1}}'),
    _raw("an overlong spelling of NUL", "bad_utf8", _GOOD.replace(b"anna", b"an\xc0\x80na")),
    _raw("half a surrogate pair as bytes", "bad_utf8", _GOOD.replace(b"anna", b"an\xed\xa0\x80na")),
    _raw("half a surrogate pair as an escape", "bad_json", _GOOD.replace(b"anna", rb"an\ud800na")),
    _raw("a raw NUL in a text", "bad_json", _GOOD.replace(b"anna", b"an\x00na")),
    _raw("a raw line feed in a text", "bad_json", _GOOD.replace(b"anna", b"an\nna")),
    _raw("UTF-16 with its mark", "bad_json", _GOOD.decode().encode("utf-16")),
    _raw("UTF-32", "bad_json", _GOOD.decode().encode("utf-32-le")),
    _raw("a page of HTML", "bad_json", b"<html><body>502 Bad Gateway</body></html>"),
    _raw("a gzip stream", "bad_json", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"),
    _raw("an event cut short", "bad_json", _GOOD[:-40]),
    _raw("an event with a tail", "bad_json", _GOOD + b"}"),
    _raw("two events in one record", "bad_json", _GOOD + b" " + _GOOD),
    _raw("single quotes", "bad_json", _GOOD.replace(b'"', b"'")),
    _raw("a comma before the end", "bad_json", _OPEN + b",}}"),
    _raw("a comment", "bad_json", b"/* hello */" + _GOOD),
    _raw("ten megabytes", "too_large", _OPEN + b',"note":"' + b"x" * 10 * MEBIBYTE + b'"}}'),
    _raw("one byte over a mebibyte", "too_large", _GOOD + b" " * (MEBIBYTE + 1 - len(_GOOD))),
)

_NUMBERS = (
    _raw("a value that is not a number", "bad_json", _OPEN + b',"value":NaN}}'),
    _raw("an infinite value", "bad_json", _OPEN + b',"value":-Infinity}}'),
    _raw("a number too large for any machine", "bad_number", _OPEN + b',"value":1e999}}'),
    _raw("a number of 5,000 digits", "bad_number", _OPEN + b',"value":' + b"7" * 5000 + b"}}"),
    _raw("5,000 digits under a name nobody knows", "bad_number", _OPEN + b',"note":' + b"7" * 5000 + b"}}"),
    _raw("an integer of 20 digits", "bad_number", _OPEN + b',"value":10000000000000000000}}'),
    _raw("20 digits below zero under an unknown name", "bad_number", _OPEN + b',"note":[-99999999999999999999]}}'),
    _raw("a number that begins with zero", "bad_json", _OPEN + b',"value":007}}'),
    _cloudevents("a value that is a text", "bad_value", data={"value": "5"}),
    _cloudevents("a value that is true", "bad_value", data={"value": True}),
    _cloudevents("less than no attention", "bad_value", data={"engaged_seconds": -0.5}),
    _cloudevents("attention of more than a day", "bad_value", data={"engaged_seconds": 86_400.5}),
)

_SHAPES = (
    _raw("a bare number", "not_an_object", b"42"),
    _raw("a bare text", "not_an_object", b'"earshot.read"'),
    _raw("a bare null", "not_an_object", b"null"),
    _raw("an empty object", "missing_field", b"{}"),
    _raw("the same name twice", "repeated_name", _OPEN + b',"address":"ben@example.org"}}'),
    _raw("the same name twice, spelt with an escape", "repeated_name", _OPEN + rb',"\u0061ddress":"ben@example.org"}}'),
    _raw(
        "the same name twice, with space before the colon", "repeated_name", _OPEN + b',"address" :"ben@example.org"}}'
    ),
    _raw("the same name twice, deep down", "repeated_name", _OPEN + b',"note":[{"a":{"b":1,"c":2,"b":3}}]}}'),
    _raw("the whole data twice", "repeated_name", _GOOD[:-1] + b',"data":{}}'),
    _raw("a depth of 33", "too_deep", _OPEN + b',"note":' + b"[" * 31 + b"]" * 31 + b"}}"),
    _raw("a depth of 100,000", "too_deep", _OPEN + b',"note":' + b"[" * 100_000 + b"]" * 100_000 + b"}}"),
    _raw("100,000 objects that never close", "too_deep", b'{"a":' * 100_000),
    _raw("10,001 values", "too_many_values", _OPEN + b',"note":[' + b"0," * 10_000 + b"0]}}"),
    _raw("a text of over 64 kB", "long_text", _OPEN + b',"note":"' + b"x" * 65_537 + b'"}}'),
    _raw("a name of over 64 kB", "long_text", _OPEN + b',"' + b"x" * 65_537 + b'":1}}'),
    _raw("an array of a million commas", "too_many_values", b"[" + b"0," * 500_000 + b"0]"),
    BadInput("a number in an array", "cloudevents", b"[" + _GOOD + b",42," + _GOOD + b"]", ("not_an_object",), good=2),
    BadInput(
        "an array with two bad elements",
        "cloudevents",
        b"[" + _GOOD + b',{"a":1,"a":2},{"specversion":"1.0"},' + _GOOD + b"]",
        ("repeated_name", "missing_field"),
        good=2,
    ),
    BadInput(
        "an array within an array with a bad element",
        "cloudevents",
        b"[[" + _GOOD + b",[null]]]",
        ("not_an_object",),
        good=1,
    ),
    _raw("an array that never ends", "bad_json", b"[" + _GOOD + b","),
    _raw("arrays nested ten deep", "too_deep", encode(_wrap(10, lambda inside: [inside], cloudevent()))),
    _raw(
        "ten SNS envelopes within one another",
        "too_deep",
        encode(_wrap(10, lambda i: _sns(json.dumps(i)), cloudevent())),
    ),
    _raw("an SNS envelope around broken JSON", "bad_json", encode(_sns(_GOOD.decode()[:-9]))),
    _raw("an SNS envelope around a sentence", "bad_json", encode(_sns("You have chosen to subscribe to the topic"))),
    _raw("an SNS envelope around nothing", "empty", encode(_sns(""))),
    _raw("an EventBridge envelope around nothing", "not_an_object", encode({"detail-type": "x", "detail": None})),
    _raw("a Connect envelope around a text", "bad_json", encode({"schema": None, "payload": "tombstone"})),
)

_EVENTS = (
    _cloudevents("a version of CloudEvents to come", "unsupported", specversion="2.0"),
    _cloudevents("a version that is a number", "bad_value", specversion=1.0),
    _cloudevents("no version", "missing_field", specversion=None),
    _cloudevents("no id", "missing_field", id=None),
    _cloudevents("an empty id", "bad_value", id=""),
    _cloudevents("an id that is a number with a fraction", "bad_value", id=7.5),
    _cloudevents("an id of 1,025 characters", "bad_value", id="x" * 1025),
    _cloudevents("an id with a line feed", "bad_value", id="7f3c\ninjected"),
    _cloudevents("an id with a NUL", "bad_value", id="7f\x003c"),
    _cloudevents("an id with an escape sequence for terminals", "bad_value", id="\x1b[2J"),
    _cloudevents("an id with a line separator", "bad_value", id="7f\u20283c"),
    _cloudevents("no source", "missing_field", source=None),
    _cloudevents("a source that is a list", "bad_value", source=["/intranet"]),
    _cloudevents("no type", "missing_field", type=None),
    _cloudevents("a type without our prefix", "unknown_type", type="read"),
    _cloudevents("a type nobody knows", "unknown_type", type="earshot.teleported"),
    _cloudevents("a type of another house", "unknown_type", type="com.example.read"),
    _cloudevents("a type that is an object", "bad_value", type={"earshot": "read"}),
    _cloudevents("neither subject nor item", "no_subject", subject=None),
    _cloudevents("a subject of nothing but space", "bad_value", subject="   "),
    _cloudevents("a subject of 1,025 characters", "bad_value", subject="m" * 1025),
    _cloudevents("a subject that is a number", "bad_value", subject=41),
    _cloudevents("something raised without its item", "missing_field", type="earshot.raised"),
    _cloudevents("a time without an offset", "bad_time", time="2026-11-02T08:15:00"),
    _cloudevents("a time that is a number", "bad_value", time=1793607300),
    _cloudevents("a day that never was", "bad_time", time="2026-02-30T08:15:00Z"),
    _cloudevents("a time in words", "bad_time", time="yesterday"),
    _cloudevents("ten digits of a fraction", "bad_time", time="2026-11-02T08:15:00.1234567890Z"),
    _cloudevents("a time in digits of another script", "bad_time", time="２０２６-11-02T08:15:00Z"),
    _cloudevents("a time before the year 1", "bad_time", time="0001-01-01T00:00:00+23:59"),
    _cloudevents("the year 9999", "time_out_of_range", time="9999-12-31T23:59:59Z"),
    _cloudevents("the year 1969", "time_out_of_range", time="1969-07-20T20:17:40Z"),
    _raw("data encoded twice", "bad_value", encode({**cloudevent(), "data": json.dumps({"address": "anna"})})),
    _raw("data that is a list", "bad_value", encode({**cloudevent(), "data": []})),
    _raw("data twice over, as JSON and in base 64", "contradiction", encode({**cloudevent(), "data_base64": "e30="})),
    _raw(
        "data in base 64 that is none",
        "bad_value",
        encode({**cloudevent(), "data": None, "data_base64": "not base 64!"}),
    ),
    _raw(
        "data in base 64 with the same name twice",
        "repeated_name",
        encode({**cloudevent(), "data": None, "data_base64": base64.b64encode(b'{"a":1,"a":2}').decode()}),
    ),
    _cloudevents("data of another kind", "unsupported", datacontenttype="application/xml"),
    _cloudevents("an address that is a number", "bad_value", data={"address": 4711}),
    _cloudevents("an address of nothing but space", "bad_value", data={"address": "  "}),
    _cloudevents("a pseudonym that is too short", "bad_value", data={"address": None, "person": "abc"}),
    _cloudevents("a pseudonym in capitals", "bad_value", data={"address": None, "person": "A" * 64}),
    _cloudevents("a person named twice", "contradiction", data={"person": "a" * 64}),
    _cloudevents("a channel nobody knows", "bad_value", data={"channel": "pigeon"}),
    _cloudevents("a machine that is true", "bad_value", data={"machine": True}),
    _cloudevents("a machine that is perhaps", "bad_value", data={"machine": "perhaps"}),
    _cloudevents("a stance nobody takes", "bad_value", data={"stance": "furious"}),
    _cloudevents("a whole user agent for an agent", "bad_value", data={"agent": "Mozilla/5.0 (X11; Linux x86_64)"}),
    _cloudevents("a sentence for evidence", "bad_value", data={"evidence": "she told me so"}),
    _cloudevents("a link that is a list", "bad_value", data={"link": ["https://example.org/"]}),
    _cloudevents("a link of 9,000 characters", "bad_value", data={"link": "https://example.org/" + "x" * 9000}),
    _cloudevents("a choice of 257 characters", "bad_value", data={"choice": "x" * 257}),
    _cloudevents("a published message without an id", "missing_field", type="earshot.message.published", subject=None),
)

_SENDGRID = (
    _sendgrid("an event that SendGrid never sends", "unknown_type", event="teleported"),
    _sendgrid("an event that is null", "missing_field", event=None),
    _sendgrid("an event that is a list", "bad_value", event=["open"]),
    _sendgrid("no address", "missing_field", email=None),
    _sendgrid("a list of addresses", "bad_value", email=["anna@example.org"]),
    _sendgrid("no time", "bad_time", timestamp=None),
    _sendgrid("a time as a text", "bad_time", timestamp="1793607300"),
    _sendgrid("a time with a fraction", "bad_time", timestamp=1793607300.5),
    _sendgrid("a time that is true", "bad_time", timestamp=True),
    _sendgrid("a time of 19 digits", "bad_time", timestamp=9_999_999_999_999_999_999),
    _sendgrid("a time in milliseconds", "time_out_of_range", timestamp=200_000_000_000),
    _sendgrid("a time before 1970", "time_out_of_range", timestamp=-1),
    _sendgrid("no id of the message at all", "no_subject", sg_message_id=None),
    _sendgrid("a message id that is a number", "bad_value", sg_message_id=14),
    _sendgrid("our id of the message as a number", "bad_value", earshot_message=41),
    _sendgrid("an event id with a tab", "bad_value", sg_event_id="a\tb"),
    _sendgrid("a flag of machines that is a text", "bad_value", event="open", sg_machine_open="yes"),
    _sendgrid("a user agent that is an object", "bad_value", event="open", useragent={}),
    _sendgrid("a link that is a number", "bad_value", event="click", url=7),
    BadInput(
        "one bad delivery of three",
        "sendgrid",
        encode([sendgrid_event(), sendgrid_event(timestamp="now"), sendgrid_event()]),
        ("bad_time",),
        good=2,
    ),
)

_LOGS = (
    _log("a sentence in a log", "bad_line", "server restarted"),
    _log("a log line cut short", "bad_line", LOG_LINE[:-1]),
    _log("a log line with an unescaped quote", "bad_line", LOG_LINE.replace("Firefox", 'Fire"fox')),
    _log("a month nobody knows", "bad_time", LOG_LINE.replace("Nov", "Foo")),
    _log("the 31st of November", "bad_time", LOG_LINE.replace("02/Nov", "31/Nov")),
    _log("a line from the year 9999", "time_out_of_range", LOG_LINE.replace("2026", "9999")),
    _log("a line without an offset", "bad_line", LOG_LINE.replace(" +0000", "")),
    _log("a request without a path", "bad_line", LOG_LINE.replace("GET /news/41 HTTP/1.1", "-")),
    _log("a request for neither path nor URL", "bad_line", LOG_LINE.replace("/news/41", "*")),
    _log("a user that is not UTF-8", "bad_utf8", LOG_LINE.encode().replace(b"anna", b"ann\xe4")),
    _log("a user that is an escaped NUL", "bad_value", LOG_LINE.replace("anna", r"\x00")),
    _log("a line of 40,000 characters", "too_large", LOG_LINE.replace("/news/41", "/" + "n" * 40_000)),
    _log("a path of 2,000 characters", "bad_value", LOG_LINE.replace("/news/41", "/" + "n" * 2_000)),
    _log("brackets without end", "bad_line", "192.0.2.7 - " + "[ " * 16_000),
    _log("quotes without end", "bad_line", LOG_LINE[:60] + '\\"' * 16_000),
    _log("JSON in a log", "bad_line", encode(cloudevent())),
)

CASES: tuple[BadInput, ...] = (*_BYTES, *_NUMBERS, *_SHAPES, *_EVENTS, *_SENDGRID, *_LOGS)
