"""References as emitted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.events import Undecodable
from collectors.references import canonical_url, message_reference


@pytest.mark.parametrize(
    ("emitted", "reference"),
    [
        pytest.param("m-2026-041", "m-2026-041", id="an id of ours stands"),
        pytest.param(" m-2026-041 ", "m-2026-041", id="space around it goes"),
        pytest.param(
            "<20261102.1@mail.example.org>", "20261102.1@mail.example.org", id="a Message-ID loses its brackets"
        ),
        pytest.param(
            "Case.Matters@Mail.example.org", "Case.Matters@Mail.example.org", id="a Message-ID keeps its case"
        ),
        pytest.param(
            "HTTPS://Intranet.Example.org/News/41", "https://intranet.example.org/News/41", id="a URL is canonical"
        ),
        pytest.param("C024BE91L/1730534400.000100", "C024BE91L/1730534400.000100", id="a chat's id stands"),
        pytest.param("what?#this", "what?#this", id="an id with signs of a URL is none"),
        pytest.param("/redirect/https://x", "/redirect/https://x", id="a path that holds a URL is none"),
    ],
)
def test_a_message_is_called(emitted: str, reference: str) -> None:
    assert message_reference(emitted) == reference


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        pytest.param("https://anna:secret@h.example.org/a", "https://h.example.org/a", id="the user goes"),
        pytest.param(
            "https://anna@example.org@h.example.org/a", "https://h.example.org/a", id="a user that is an address goes"
        ),
        pytest.param("https://h.example.org/a?token=1&u=anna", "https://h.example.org/a", id="the query goes"),
        pytest.param("https://h.example.org/a#top?x", "https://h.example.org/a", id="the fragment goes"),
        pytest.param("https://h.example.org?u=anna", "https://h.example.org/", id="the query of a bare host goes"),
        pytest.param("https://H.Example.ORG", "https://h.example.org/", id="a host has a path"),
        pytest.param("https://h.example.org:443/a", "https://h.example.org/a", id="the port of https goes"),
        pytest.param("http://h.example.org:80/a", "http://h.example.org/a", id="the port of http goes"),
        pytest.param("http://h.example.org:443/a", "http://h.example.org:443/a", id="another port stands"),
        pytest.param("http://h.example.org:/a", "http://h.example.org/a", id="an empty port goes"),
        pytest.param("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a", id="an IPv6 host keeps its colons"),
        pytest.param("http://[2001:db8::80]/a", "http://[2001:db8::80]/a", id="an IPv6 host without a port is whole"),
        pytest.param(
            "https://h.example.org/A%20b/../c", "https://h.example.org/A%20b/../c", id="the path stands as it is"
        ),
        pytest.param("/news/41?u=anna#top", "/news/41", id="a path loses its query"),
        pytest.param("header-button", "header-button", id="a link's name stands"),
        pytest.param("mailto:anna@example.org?subject=x", "mailto:", id="of a mailto only the scheme stays"),
        pytest.param("Tel:+33123456789", "tel:", id="of a telephone number only the scheme stays"),
        pytest.param("xmpp:anna@example.org", "xmpp:", id="of a chat address only the scheme stays"),
    ],
)
def test_a_link_loses_what_could_name_a_person(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


def test_allowed_parameters_stay_in_one_order() -> None:
    allowed = frozenset({"id", "page number"})
    url = "https://h.example.org/view?u=anna&page+number=2&id=41&sid=7#x"
    assert canonical_url(url, allowed) == "https://h.example.org/view?id=41&page+number=2"
    assert message_reference(url, allowed) == "https://h.example.org/view?id=41&page+number=2"
    assert canonical_url("https://h.example.org/view?identity=1", allowed) == "https://h.example.org/view"


@pytest.mark.parametrize("emitted", ["", "  ", "<>", "< >", "x" * 1025, "a\nb", "a\x00b"], ids=repr)
def test_what_calls_nothing_is_refused(emitted: str) -> None:
    with pytest.raises(Undecodable, match="bad_value"):
        message_reference(emitted)


@given(st.text(max_size=40), st.text(max_size=20), st.text("abc/.", max_size=10))
def test_nothing_of_user_query_or_fragment_survives(user: str, query: str, path: str) -> None:
    user = "".join(sign for sign in user if sign not in "/?#")
    for url in (
        f"https://zz{user}zz@h.example.org/{path}",
        f"https://h.example.org/{path}?zz{query}",
        f"/{path}#zz{query}",
    ):
        assert "zz" not in canonical_url(url)
