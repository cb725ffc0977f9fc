"""`decode`: one event a line, every key always there, dead letters apart."""

import io
import json
from typing import Any

import pytest

from collectors.cli import Decoding, read_records, run_decode
from collectors.decoders import DECODERS
from collectors.identity import Pseudonymiser
from tests.collectors.good_records import LOG_LINE, cloudevent, encode, sendgrid_event

PSEUDONYM = Pseudonymiser(b"k" * 32)
KEYS = [
    *("id", "message", "person", "action", "channel", "occurred_at", "received_at", "evidence", "machine", "agent"),
    *("engaged_seconds", "link", "item", "question", "choice", "value", "version", "stance", "source"),
]
RECEIVED = 1_793_607_360 * 1_000_000


def run(body: bytes, decoder: str = "cloudevents", **settings: Any) -> tuple[int, list[dict[str, Any]], str]:
    """The exit code, the lines printed, and what was said on standard error."""
    out, err = io.StringIO(), io.StringIO()
    decoding = Decoding(decoder, DECODERS[decoder]({}), PSEUDONYM, **settings)
    code = run_decode(decoding, io.BytesIO(body), out, err)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_an_event_is_a_line_with_every_key_in_the_contracts_order() -> None:
    code, (row,), said = run(encode(cloudevent(data={"engaged_seconds": 41.5})))
    assert (code, said) == (0, "")
    assert list(row) == KEYS
    assert row == dict.fromkeys(KEYS) | {
        "id": "7f3c",
        "message": "m-2026-041",
        "person": PSEUDONYM("anna@example.org"),
        "action": "read",
        "channel": "intranet",
        "occurred_at": "2026-11-02T08:15:00.000000Z",
        "evidence": "server_log",
        "machine": "unknown",
        "engaged_seconds": 41.5,
        "source": "/intranet",
    }


def test_a_published_message_is_printed_with_its_entry() -> None:
    data = {"title": "New rules", "sender": "anna@example.org", "evidence": None, "address": None, "channel": None}
    code, (row,), _ = run(encode(cloudevent(type="earshot.message.published", data=data)))
    assert code == 0
    assert list(row) == [*KEYS, "entry"]
    assert (row["action"], row["message"], row["person"], row["machine"]) == (
        "message.published",
        "m-2026-041",
        None,
        None,
    )
    assert row["entry"] == {"id": "m-2026-041", "title": "New rules", "sender": PSEUDONYM("anna@example.org")}


def test_dead_letters_go_to_standard_error_and_the_rest_is_printed() -> None:
    body = b"\n".join(
        [encode(cloudevent()), b"{", b"", encode([cloudevent(), cloudevent(type="x")]), encode(cloudevent())]
    )
    code, rows, said = run(body)
    assert code == 3
    assert len(rows) == 3
    assert said.splitlines() == [
        "line 2, element 0: bad_json: not JSON, or cut short",
        "line 4, element 1: unknown_type: the type is none of the contract's",
    ]


def test_what_is_skipped_is_counted_and_is_no_fault() -> None:
    code, rows, said = run(encode([sendgrid_event(event="group_resubscribe"), sendgrid_event()]), "sendgrid")
    assert (code, len(rows), said) == (0, 1, "1 skipped: understood, and of no use\n")


def test_no_clock_is_asked_and_a_given_time_of_receipt_judges() -> None:
    future = encode(cloudevent(time="2099-01-01T00:00:00Z"))
    assert run(future)[0] == 0
    code, rows, said = run(future, received_at=RECEIVED)
    assert (code, rows) == (3, [])
    assert "time_out_of_range" in said
    (row,) = run(encode(cloudevent()), received_at=RECEIVED)[1]
    assert row["received_at"] == "2026-11-02T08:16:00.000000Z"


def test_a_channel_is_the_events_else_the_sources_else_unknown() -> None:
    without = encode(cloudevent(data={"channel": None}))
    assert run(without)[1][0]["channel"] is None
    assert run(without, channel="chat")[1][0]["channel"] == "chat"
    assert run(encode(cloudevent()), channel="chat")[1][0]["channel"] == "intranet"


def test_nobodys_address_is_printed() -> None:
    for decoder, body in {
        "cloudevents": encode(cloudevent(id="anna@example.org", data={"link": "https://x/anna@example.org"})),
        "sendgrid": encode(sendgrid_event(event="click", url="mailto:anna@example.org")),
        "access_log": LOG_LINE.replace(" anna ", " anna@example.org ").encode(),
    }.items():
        code, rows, said = run(body, decoder)
        assert (code, len(rows), said) == (0, 1, "")
        assert "anna" not in json.dumps(rows)
        assert rows[0]["person"] is not None


ONE = cloudevent()
PRETTY = json.dumps([ONE, ONE], indent=2).encode()


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"\n\n", [], id="empty lines"),
        pytest.param(b"a\nb", [(1, b"a"), (2, b"b")], id="plain lines"),
        pytest.param(b"\r\na\r\n\r\nb\r\n", [(2, b"a"), (4, b"b")], id="plain lines with empty ones between"),
        pytest.param(b'{"a":1}\n{"b":2}\n', [(1, b'{"a":1}'), (2, b'{"b":2}')], id="an object a line"),
        pytest.param(PRETTY, [(1, PRETTY)], id="one document of many lines"),
        pytest.param(b"\n" + PRETTY + b"\n", [(2, PRETTY)], id="one document behind an empty line"),
        pytest.param(b"\xef\xbb\xbf" + PRETTY, [(1, b"\xef\xbb\xbf" + PRETTY)], id="one document behind a mark"),
        pytest.param(
            b'{"a":\n{"b":2}\n{"c":3}', [(1, b'{"a":'), (2, b'{"b":2}'), (3, b'{"c":3}')], id="a first line cut short"
        ),
        pytest.param(b"[02/Nov] x\nb\n", [(1, b"[02/Nov] x"), (2, b"b")], id="lines that begin like an array"),
    ],
)
def test_input_is_one_document_or_else_a_record_a_line(text: bytes, bodies: list[tuple[int, bytes]]) -> None:
    assert [(record.offset, record.body) for record in read_records(io.BytesIO(text))] == bodies


def test_records_are_handed_out_before_the_input_ends() -> None:
    class Endless(io.RawIOBase):
        """A pipe that has said one line and stays open: asking for more fails the test."""

        said = False

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            assert not self.said, "asked for more than the first line"
            self.said = True
            line = encode(ONE) + b"\n"
            buffer[: len(line)] = line
            return len(line)

    records = read_records(io.BufferedReader(Endless()))
    assert next(records).body == encode(ONE)


def test_a_long_broken_beginning_is_still_read_line_by_line() -> None:
    lines = [b'{"cut":', *[encode(ONE)] * 12_000]
    assert [record.body for record in read_records(io.BytesIO(b"\n".join(lines)))] == lines
