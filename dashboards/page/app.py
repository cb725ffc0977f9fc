"""The doors of the service as one WSGI application: page, series, health. What it says is handed in; listening is left to
`dashboards.page.server`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

from dashboards.page.landing import STYLE_DIGEST, landing_page
from dashboards.page.state import ServiceState
from metrics.snapshot import Snapshot

Headers = list[tuple[str, str]]

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
class Answers:
    """Where the application gets what it says. All are called in the server's threads and must not wait for work.

    `ready` and `healthy` give "" where all is well, else why not in a sentence. `registry` is served whole.
    """

    snapshot: Callable[[], Snapshot | None]
    state: Callable[[], ServiceState]
    ready: Callable[[], str]
    healthy: Callable[[], str]
    registry: CollectorRegistry


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    headers: Headers
    body: bytes


def make_app(answers: Answers) -> WSGIApplication:
    """GET and HEAD on `/`, `/metrics`, `/-/healthy` and `/-/ready` (and a browser's `/favicon.ico`); 404 elsewhere, 405 for other
    methods."""
    series = make_wsgi_app(answers.registry)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = _answer(answers, series, environ)
        headers = [*answer.headers, *_SECURITY]
        if answer.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(answer.body))))
        start_response(f"{answer.status.value} {answer.status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    return app


def _answer(answers: Answers, series: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    path = environ.get("PATH_INFO", "")
    if path not in ("/", "/favicon.ico", "/metrics", "/-/healthy", "/-/ready"):
        return _line(HTTPStatus.NOT_FOUND, "nothing is here; the page is at /")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        refused = _line(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD")
        return Answer(refused.status, [*refused.headers, ("Allow", "GET, HEAD")], refused.body)
    if (
        path == "/favicon.ico"
    ):  # browsers ask unasked; an answer of "not found" would look like a fault in their consoles
        return Answer(HTTPStatus.NO_CONTENT, [], b"")
    if path == "/metrics":
        return _series(series, environ)
    if path == "/":
        refreshing = parse_qs(environ.get("QUERY_STRING", "")).get("refresh") != ["off"]
        page = landing_page(answers.snapshot(), answers.state(), refreshing=refreshing)
        return Answer(HTTPStatus.OK, [("Content-Type", "text/html; charset=utf-8")], page.encode())
    trouble = answers.ready() if path == "/-/ready" else answers.healthy()
    if trouble:
        return _line(HTTPStatus.SERVICE_UNAVAILABLE, trouble)
    return _line(HTTPStatus.OK, "ready" if path == "/-/ready" else "healthy")


def _series(series: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """The client's own application does the negotiation of format and encoding; it knows no HEAD."""
    headers: Headers = []

    def take(_status: str, given: Headers, _error: object = None) -> Callable[[bytes], object]:
        headers.extend(given)
        return lambda _chunk: None

    body = b"".join(series({**environ, "REQUEST_METHOD": "GET"}, take))
    return Answer(HTTPStatus.OK, headers, body)


def _line(status: HTTPStatus, text: str) -> Answer:
    return Answer(status, [("Content-Type", "text/plain; charset=utf-8")], (" ".join(text.split()) + "\n").encode())
