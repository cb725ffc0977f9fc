"""Listening: the application on a port, in threads of its own, until it is closed."""

import logging
import socket
import threading
from wsgiref.types import WSGIApplication

from waitress.server import BaseWSGIServer, create_server
from waitress.wasyncore import close_all, loop

_THREADS = 4
_BACKLOG = 128
# Nothing is ever sent to this service: a request is a line and a few headers.
_LARGEST_HEADER = 16 * 1024
_LARGEST_BODY = 1024


class Server:
    """A server that runs. `host` and `port` are those it listens on (a port of 0 was given a real one)."""

    def __init__(self, app: WSGIApplication, listening: socket.socket) -> None:
        # One line for each request that has to wait a moment is of no use to anybody.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self.host, self.port = listening.getsockname()[:2]
        self._stopping = threading.Event()
        self._waking = threading.Lock()
        self._channels: dict[int, socket.socket] = {}
        server = create_server(
            app,
            map=self._channels,
            sockets=[listening],
            threads=_THREADS,
            ident=None,
            max_request_header_size=_LARGEST_HEADER,
            max_request_body_size=_LARGEST_BODY,
            channel_timeout=30,
        )
        assert isinstance(server, BaseWSGIServer), "one socket is given, so one server listens"
        self._server = server
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            loop(timeout=1.0, use_poll=True, map=self._channels, count=1)
        # Only this thread may touch the sockets: closing them under a poll that waits for them is undefined. And not before the loop
        # was woken: it may have turned by itself since it was told to stop, and what it is woken through is closed here too.
        with self._waking:
            self._server.task_dispatcher.shutdown()
            close_all(self._channels)

    def close(self) -> None:
        """Stop listening, let answers under way end (five seconds at most). Harmless when called again."""
        with self._waking:
            if not self._stopping.is_set():
                self._stopping.set()
                self._server.pull_trigger()
        self._thread.join()


def start(app: WSGIApplication, host: str, port: int) -> Server:
    """Serve `app`; port 0 takes a free one. OSError where nobody may listen there."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return Server(app, socket.create_server(address[:2], family=family, backlog=_BACKLOG))
