"""Series and health for who watches over a process, as one WSGI application or as part of a larger one. What they say is handed in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

Headers = list[tuple[str, str]]
PATHS = ("/metrics", "/-/healthy", "/-/ready")


@dataclass(frozen=True)
class Probes:
    """`ready` and `healthy` give "" where all is well, else why not in a sentence; both are called in the server's threads and must not
    wait for work. `registry` is served whole."""

    ready: Callable[[], str]
    healthy: Callable[[], str]
    registry: CollectorRegistry


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    headers: Headers
    body: bytes


def make_probe_app(probes: Probes) -> WSGIApplication:
    """GET and HEAD on `PATHS`; 404 elsewhere, 405 for other methods."""
    series = make_wsgi_app(probes.registry)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "") not in PATHS:
            answer = line(HTTPStatus.NOT_FOUND, f"nothing is here; there are {', '.join(PATHS)}")
        else:
            answer = refuse_method(environ) or answer_probe(probes, series, environ)
        return send(answer, environ, start_response)

    return app


def refuse_method(environ: WSGIEnvironment) -> Answer | None:
    """Why a method is refused; None for those that only read."""
    if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        return None
    refused = line(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD")
    return Answer(refused.status, [*refused.headers, ("Allow", "GET, HEAD")], refused.body)


def answer_probe(probes: Probes, series: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """One of `PATHS`. `series`: the client's own application on the registry."""
    path = environ.get("PATH_INFO", "")
    if path == "/metrics":
        return _series(series, environ)
    trouble = probes.ready() if path == "/-/ready" else probes.healthy()
    if trouble:
        return line(HTTPStatus.SERVICE_UNAVAILABLE, trouble)
    return line(HTTPStatus.OK, "ready" if path == "/-/ready" else "healthy")


def send(
    answer: Answer, environ: WSGIEnvironment, start_response: StartResponse, more: Iterable[tuple[str, str]] = ()
) -> list[bytes]:
    headers = [*answer.headers, *more]
    if answer.status != HTTPStatus.NO_CONTENT:
        headers.append(("Content-Length", str(len(answer.body))))
    start_response(f"{answer.status.value} {answer.status.phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def line(status: HTTPStatus, text: str) -> Answer:
    return Answer(status, [("Content-Type", "text/plain; charset=utf-8")], (" ".join(text.split()) + "\n").encode())


def _series(series: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """The client's own application does the negotiation of format and encoding; it knows no HEAD."""
    headers: Headers = []

    def take(_status: str, given: Headers, _error: object = None) -> Callable[[bytes], object]:
        headers.extend(given)
        return lambda _chunk: None

    body = b"".join(series({**environ, "REQUEST_METHOD": "GET"}, take))
    return Answer(HTTPStatus.OK, headers, body)
