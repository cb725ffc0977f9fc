"""An address is never shown."""

import pytest

from metrics.masking import holds_address, mask, shown


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to anna@example.org now", "write to (an address) now"),
        ("<anna@example.org>, (berta@example.org)", "<(an address)>, ((an address))"),
        ("https://example.org/p?mail=anna%40example.org", "https:(an address)"),
        ("anna@[192.0.2.1]", "(an address)]"),
        ("köln@beispiel.example", "(an address)"),
        ("5 @ 3", "5 @ 3"),
        ("@all", "@all"),
        ("m-2026-041", "m-2026-041"),
    ],
)
def test_an_address_is_masked_and_the_rest_stands(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert holds_address(text) == (text != masked)


def test_what_is_shown_is_short_and_on_one_line() -> None:
    assert shown("a\nb anna@example.org") == "`a b (an address)`"
    assert len(shown("x" * 1000)) < 70
    assert shown(["anna@example.org"]) == "a list of 1"


def test_a_very_long_word_is_shown_at_once() -> None:
    assert shown("x" * 10_000_000).startswith("`xxx")
