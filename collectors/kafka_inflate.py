"""Kafka's compressed batches, inflated up to a bound and never beyond: 45 kB of zstd can hold two gigabytes. What stands in them is left to
`kafka_batch`."""

import io
import zlib
from collections.abc import Callable

import lz4.frame
import snappy
import zstandard

LARGEST = 32 * 1024 * 1024
"""Bytes of one batch, inflated. The client's own decoders know no bound."""

_GZIP = 16 + zlib.MAX_WBITS
_XERIAL = b"\x82SNAPPY\x00"
_XERIAL_HEADER = 16


class TooLarge(Exception):
    """It would be more than the bound."""


def inflate(codec: int, data: bytes, largest: int = LARGEST) -> bytes:
    """What was compressed, `largest` bytes at most. TooLarge beyond; KeyError for a codec that nobody knows; any exception of the
    codec's own where the data is damaged."""
    return _CODECS[codec](data, largest)


def _same(data: bytes, largest: int) -> bytes:  # noqa: ARG001
    return data


def _gzip(data: bytes, largest: int) -> bytes:
    parts: list[bytes] = []
    while data:
        reader = zlib.decompressobj(_GZIP)
        parts.append(_bounded(reader.decompress(data, largest + 1), largest))
        largest -= len(parts[-1])
        if not reader.eof:
            raise ValueError("cut off")
        data = reader.unused_data
    return b"".join(parts)


def _snappy(data: bytes, largest: int) -> bytes:
    if not data.startswith(_XERIAL):
        return _snappy_block(data, largest)
    parts: list[bytes] = []
    position = _XERIAL_HEADER
    while position < len(data):
        end = position + 4 + int.from_bytes(data[position : position + 4], "big")
        parts.append(_snappy_block(data[position + 4 : end], largest))
        largest -= len(parts[-1])
        position = end
    return b"".join(parts)


def _snappy_block(data: bytes, largest: int) -> bytes:
    # A block begins with its size, and snappy writes no more than that.
    size = shift = 0
    for byte in data[:5]:
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    if size > largest:
        raise TooLarge
    return bytes(snappy.uncompress(data))


def _lz4(data: bytes, largest: int) -> bytes:
    reader = lz4.frame.LZ4FrameDecompressor()
    inflated = _bounded(reader.decompress(data, largest + 1), largest)
    if not reader.eof:
        raise ValueError("cut off")
    return inflated


def _zstd(data: bytes, largest: int) -> bytes:
    # The window is memory too, and a header may ask for any.
    reader = zstandard.ZstdDecompressor(max_window_size=largest)
    with reader.stream_reader(io.BytesIO(data), read_across_frames=True) as stream:
        return _bounded(stream.read(largest + 1), largest)


def _bounded(inflated: bytes, largest: int) -> bytes:
    if len(inflated) > largest:
        raise TooLarge
    return inflated


_CODECS: dict[int, Callable[[bytes, int], bytes]] = {0: _same, 1: _gzip, 2: _snappy, 3: _lz4, 4: _zstd}
