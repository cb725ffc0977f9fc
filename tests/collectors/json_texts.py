"""JSON and near-JSON for properties: texts with every trap that the strict reader must see through, and a slow, exact
reader to hold it against (written on the standard library's, sharing nothing with ours)."""

import json
import math
from typing import Any

from hypothesis import strategies as st

_SCALARS = st.sampled_from(
    [
        *("0", "-0", "1", "-12", "1.5", "1e3", "-2.5E-3", "1e-999", "1e999", "-1e999", "007", "1.", "NaN", "Infinity"),
        *("9" * 18, "9" * 19, "-" + "9" * 19, "1" + "0" * 19, "18446744073709551615", "7" * 400, "7" * 5000),
        *("true", "false", "null", "nul", '"', '""', '"a"', '"a b"', '"x\\":y"', '"x\\" :y"', '"{"', '"[\\"a\\":1]"'),
        *(
            '"\\u0061"',
            '"\\ud83d\\ude00"',
            '"\\ud800"',
            '"é"',
            '"\u2028"',
            '"\\u0000"',
            '"\x7f"',
            '"\t"',
            '"\\x"',
            '" : "',
        ),
    ]
)
_NAMES = st.sampled_from(
    ['"a"', '"\\u0061"', '"b"', '"c"', '"a\\":"', '"a\\" :"', '"a :"', '"é"', '"\\u00e9"', '""', '":"', '"\\""']
)
_SPACE = st.sampled_from(["", "", "", " ", "  ", "\t", "\n", "\r\n"])


def _array(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda items, space: f"[{space}{f'{space},'.join(items)}]", st.lists(inside, max_size=4), _SPACE)


def _object(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = st.builds(lambda *parts: "".join(parts), _SPACE, _NAMES, _SPACE, st.just(":"), _SPACE, inside, _SPACE)
    return st.builds(lambda members: f"{{{','.join(members)}}}", st.lists(member, max_size=5))


def _nest(inside: str, depth: int) -> str:
    return "[" * depth + inside + "]" * depth


TEXTS: st.SearchStrategy[str] = st.builds(
    _nest,
    st.recursive(_SCALARS, lambda inside: _array(inside) | _object(inside), max_leaves=12) | _object(_SCALARS),
    st.sampled_from([0, 0, 0, 0, 29, 30, 31, 32, 33]),
)

_DAMAGE = st.tuples(
    st.integers(0, 60), st.sampled_from([b"", b"\xff", b'"', b",", b"{", b"]", b"\x00", b"\\", b":", b" "])
)


def _damage(body: bytes, damage: tuple[int, bytes] | None) -> bytes:
    if damage is None:
        return body
    place, byte = damage
    return body[:place] + byte + body[place + 1 :]


BODIES: st.SearchStrategy[bytes] = st.builds(_damage, TEXTS.map(str.encode), st.none() | _DAMAGE)


class Refused(Exception):
    """The exact reader's only answer to what breaks a rule."""


def read_exactly(body: bytes) -> Any:
    """The document, or Refused; every rule checked the plain way. (Sizes of body and texts are left to examples.)"""
    try:
        text = body.decode("utf-8-sig").strip(" \t\r\n")
        document = json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_short,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except (ValueError, RecursionError):
        raise Refused from None
    if _depth(document) > 32 or _count(document) > 10_000:
        raise Refused
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise Refused
    for name, _ in pairs:
        name.encode()
    return dict(pairs)


def _short(digits: str) -> int:
    if len(digits.lstrip("-")) > 19:
        raise Refused
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Refused
    return number


def _inside(value: Any) -> list[Any]:
    if isinstance(value, str):
        value.encode()
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _depth(value: Any) -> int:
    try:
        below = [_depth(item) for item in _inside(value)]
    except UnicodeEncodeError:
        raise Refused from None
    return max(below, default=0) + isinstance(value, dict | list)


def _count(value: Any) -> int:
    return sum(1 + _count(item) for item in _inside(value))
