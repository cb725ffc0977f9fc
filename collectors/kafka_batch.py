"""Kafka's record batches (format 2, since Kafka 0.11) to records: the header, its checksum, what is inside. Whatever is wrong with a batch
becomes a refused record in its place, never an exception: the client would spin for ever after one. Which batches count is left to
`kafka_fetched`."""

import struct
from collections.abc import Iterator

import msgspec
from crc32c import crc32c

from collectors.kafka_inflate import LARGEST, TooLarge, inflate
from collectors.source import Record

RECORD_LIMIT = 1024 * 1024
BEGINNING = 4096
"""Bytes of an oversized record that its dead letter keeps."""
KEPT = 64 * 1024
"""Bytes of a batch that nobody can read, as its dead letter keeps them."""

_HEADER = struct.Struct(">qiibIhiqqqhii")
_LENGTH = struct.Struct(">i")
_OVERHEAD = 12  # the base offset and the length itself
_CHECKED_FROM = 21
_CODEC, _LOG_APPEND, _TRANSACTIONAL, _CONTROL = 0x07, 0x08, 0x10, 0x20


class Batch(msgspec.Struct):
    """A batch by its header. `end`: the offset behind its last; `bad`: (reason, detail) where the header itself shows that nothing in it
    can be read; then `end` may be too near, never too far."""

    base: int
    end: int
    epoch: int
    attributes: int
    first_ms: int
    last_ms: int
    producer: int
    count: int
    body: bytes
    size: int
    bad: tuple[str, str] | None = None

    @property
    def is_control(self) -> bool:
        return bool(self.attributes & _CONTROL)

    @property
    def is_transactional(self) -> bool:
        return bool(self.attributes & _TRANSACTIONAL)


def next_batch(data: bytes, position: int) -> Batch | None:
    """The batch that begins at a position; None where no whole one does (a broker may send half of the last)."""
    if position + _OVERHEAD > len(data):
        return None
    size = _OVERHEAD + max(0, _LENGTH.unpack_from(data, position + 8)[0])
    if position + size > len(data):
        return None
    whole = data[position : position + size]
    if size < _HEADER.size or whole[16] != 2:
        base = int.from_bytes(whole[:8], "big", signed=True)
        why = ("old_format", "a batch in a format older than Kafka 0.11, or in none at all")
        return Batch(base, base + 1, -1, 0, -1, -1, -1, 1, whole, size, why)
    base, _, epoch, _, checksum, attributes, delta, first, last, producer, _, _, count = _HEADER.unpack_from(whole)
    batch = Batch(base, base + delta + 1, epoch, attributes, first, last, producer, count, whole, size)
    if crc32c(memoryview(whole)[_CHECKED_FROM:]) != checksum:
        # Nothing that was summed can be trusted, so the batch ends where two of its figures agree, or at once.
        batch.end = base + count if 0 < count == delta + 1 else base + 1
        batch.attributes, batch.bad = 0, ("damaged_batch", "a batch whose checksum is wrong")
    return batch


def is_abort(batch: Batch) -> bool:
    """Whether a control batch says that its producer's transaction was given up: its record's key is a version and a type, 0 for that."""
    key = next(_read(batch, batch.body[_HEADER.size :], keys=True), None)
    return key is not None and key.key[2:4] == b"\x00\x00"


def records_of(batch: Batch, largest: int = LARGEST, *, keys: bool = False) -> Iterator[Record]:
    """Every record of a batch in order, with their keys where these are asked for; what cannot be read of it as one refused record. One at
    a time: four million empty ones fit into the bound."""
    if batch.bad is not None:
        yield _refuse(batch, batch.base, *batch.bad)
        return
    codec = batch.attributes & _CODEC
    try:
        data = inflate(codec, batch.body[_HEADER.size :], largest)
    except TooLarge:
        yield _refuse(batch, batch.base, "bomb", f"a batch of more than {largest:,} bytes, inflated")
    except KeyError:
        yield _refuse(batch, batch.base, "unknown_codec", f"a batch compressed in a way that nobody knows ({codec})")
    except Exception as why:  # noqa: BLE001 # each library has failures of its own, and their texts may quote
        yield _refuse(batch, batch.base, "damaged_batch", f"a batch that does not inflate ({type(why).__name__})")
    else:
        yield from _read(batch, data, keys=keys)


def _refuse(batch: Batch, offset: int, reason: str, detail: str) -> Record:
    where = f"{detail}; offsets {offset} to {batch.end - 1}"
    return Record(offset, batch.body[:KEPT], _micros(batch.first_ms), refused=(reason, where))


def _micros(milliseconds: int) -> int | None:
    return milliseconds * 1000 if milliseconds >= 0 else None


def _read(batch: Batch, data: bytes, *, keys: bool) -> Iterator[Record]:
    base, first = batch.base, batch.first_ms
    appended = _micros(batch.last_ms) if batch.attributes & _LOG_APPEND else None
    offset, position, last = base, 0, len(data)
    try:
        # Numbers are zigzag varints, nearly always of one byte or two; this is the innermost loop of all reading.
        for _ in range(batch.count):
            number = data[position]
            position += 1
            if number > 0x7F:
                if (next_ := data[position]) < 0x80:
                    number, position = number & 0x7F | next_ << 7, position + 1
                else:
                    number, position = _more(data, position, number)
            end = position + (number >> 1)
            number = data[position + 1]  # behind the attributes, of which there are none
            position += 2
            if number > 0x7F:
                if (next_ := data[position]) < 0x80:
                    number, position = number & 0x7F | next_ << 7, position + 1
                else:
                    number, position = _more(data, position, number)
            moment = first + ((number >> 1) ^ -(number & 1))
            number = data[position]
            position += 1
            if number > 0x7F:
                if (next_ := data[position]) < 0x80:
                    number, position = number & 0x7F | next_ << 7, position + 1
                else:
                    number, position = _more(data, position, number)
            offset = base + (number >> 1)
            if data[position] == 1:  # no key
                key, position = b"", position + 1
            else:
                key, position = _bytes(data, position, keep=keys)
            number = data[position]
            if number > 0x7F and not number & 1 and (more := data[position + 1]) < 0x80:
                begin, position = position + 2, position + 2 + ((number & 0x7F | more << 7) >> 1)
                body = data[begin:position]
            else:
                body, position = _bytes(data, position)
            headers: dict[str, str] | None = None
            if data[position]:
                headers, position = _headers(data, position)
            else:
                position += 1
            if position != end or end > last or not base <= offset < batch.end:
                raise ValueError("a record that does not fill its length")
            received_at = appended or (moment * 1000 if moment >= 0 else None)
            if len(body) <= RECORD_LIMIT:
                yield Record(offset, body, received_at, headers, None, key)
            else:
                yield _refuse_large(offset, body, received_at)
            offset += 1
    except (IndexError, ValueError):
        yield _refuse(batch, offset, "damaged_batch", "a batch whose records do not follow its format")


def _refuse_large(offset: int, body: bytes, received_at: int | None) -> Record:
    detail = f"a record of {len(body):,} bytes; {RECORD_LIMIT:,} are the most"
    return Record(offset, body[:BEGINNING], received_at, refused=("too_large", detail))


def _more(data: bytes, position: int, number: int) -> tuple[int, int]:
    """The rest of a number that does not fit into a byte, and the position behind it."""
    number &= 0x7F
    for shift in range(7, 70, 7):
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, position
    raise ValueError("a number without an end")


def _bytes(data: bytes, position: int, *, keep: bool = True) -> tuple[bytes, int]:
    """Bytes with their length before them; what is not there is empty."""
    number = data[position]
    position += 1
    if number > 0x7F:
        number, position = _more(data, position, number)
    if number & 1:
        return b"", position
    end = position + (number >> 1)
    return data[position:end] if keep else b"", end


def _headers(data: bytes, position: int) -> tuple[dict[str, str], int]:
    """Names in lower case; of a name that comes again the last counts."""
    number = data[position]
    position += 1
    if number > 0x7F:
        number, position = _more(data, position, number)
    headers = {}
    for _ in range(number >> 1):
        name, position = _bytes(data, position)
        value, position = _bytes(data, position)
        headers[name.decode("utf-8", "replace").lower()] = value.decode("utf-8", "replace")
    return headers, position
