"""The doors of the service as one WSGI application: page, series, health. What it says is handed in; listening is left to
`dashboards.page.server`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import make_wsgi_app

from dashboards.page.landing import STYLE_DIGEST, landing_page
from dashboards.page.probes import (
    PATHS,
    Answer,
    Headers,
    Probes,
    answer_probe,
    line,
    refuse_method,
    send,
)
from dashboards.page.state import ServiceState
from metrics.snapshot import Snapshot

_SECURITY: Headers = [
    (
        "Content-Security-Policy",
        f"default-src 'none'; style-src '{STYLE_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cache-Control", "no-store"),
]


@dataclass(frozen=True)
class Answers(Probes):
    """Where the application gets what it says. All are called in the server's threads and must not wait for work."""

    snapshot: Callable[[], Snapshot | None]
    state: Callable[[], ServiceState]


def make_app(answers: Answers) -> WSGIApplication:
    """GET and HEAD on `/`, `/metrics`, `/-/healthy` and `/-/ready` (and a browser's `/favicon.ico`); 404 elsewhere, 405 for other
    methods."""
    series = make_wsgi_app(answers.registry)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return send(_answer(answers, series, environ), environ, start_response, _SECURITY)

    return app


def _answer(answers: Answers, series: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    path = environ.get("PATH_INFO", "")
    if path not in ("/", "/favicon.ico", *PATHS):
        return line(HTTPStatus.NOT_FOUND, "nothing is here; the page is at /")
    refused = refuse_method(environ)
    if refused is not None:
        return refused
    if path == "/favicon.ico":  # browsers ask unasked; "not found" would look like a fault in their consoles
        return Answer(HTTPStatus.NO_CONTENT, [], b"")
    if path == "/":
        refreshing = parse_qs(environ.get("QUERY_STRING", "")).get("refresh") != ["off"]
        page = landing_page(answers.snapshot(), answers.state(), refreshing=refreshing)
        return Answer(HTTPStatus.OK, [("Content-Type", "text/html; charset=utf-8")], page.encode())
    return answer_probe(answers, series, environ)
