"""References as emitted: how a message, and a link in it, is called by what happened to it. Joining references to messages
is left to `metrics`."""

import re
from functools import lru_cache
from urllib.parse import unquote_plus

from collectors.fields import check_text

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
# What follows these is a person or a text, not a place.
_PERSONAL_SCHEMES = frozenset(
    {"callto", "data", "facetime", "im", "javascript", "mailto", "sip", "sips", "skype", "sms", "smsto", "tel", "xmpp"}
)

NO_PARAMETERS: frozenset[str] = frozenset()


@lru_cache(maxsize=16_384)
def message_reference(text: str, parameters: frozenset[str] = NO_PARAMETERS) -> str:
    """The reference for what a source calls a message: a Message-ID loses its `<>`, a URL becomes canonical,
    any other id stands as it is. Undecodable where nothing is left, or too much."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    scheme, separator, _ = text.partition("://")
    if separator and _SCHEME.fullmatch(scheme):
        text = canonical_url(text, parameters)
    return check_text(text.strip(), "message")


@lru_cache(maxsize=16_384)
def canonical_url(url: str, parameters: frozenset[str] = NO_PARAMETERS) -> str:
    """A URL, a path or the name of a link without user, fragment, default port, and query except `parameters` (sorted);
    scheme and host in lower case. Of `mailto:` and its like only the scheme stays."""
    place, _, query = url.strip().partition("#")[0].partition("?")
    scheme, separator, rest = place.partition("://")
    if separator and _SCHEME.fullmatch(scheme):
        scheme = scheme.lower()
        authority, _, path = rest.partition("/")
        place = f"{scheme}://{_host(authority, scheme)}/{path}"
    elif place.partition(":")[0].lower() in _PERSONAL_SCHEMES:
        return f"{place.partition(':')[0].lower()}:"
    kept = _allowed(query, parameters) if query and parameters else ""
    return f"{place}?{kept}" if kept else place


def _host(authority: str, scheme: str) -> str:
    host = authority.rpartition("@")[2].lower()
    name, _, port = host.rpartition(":")
    return name if name and port in ("", _DEFAULT_PORTS.get(scheme)) else host


def _allowed(query: str, parameters: frozenset[str]) -> str:
    pairs = [pair for pair in query.split("&") if unquote_plus(pair.partition("=")[0]) in parameters]
    return "&".join(sorted(pairs))
