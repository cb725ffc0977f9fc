"""What stands between a client and a PostgreSQL server, and cuts them apart in the middle of COMMIT when told to. The server is left to
`postgresql`."""

import socket
import threading
from contextlib import suppress
from types import TracebackType

from tests.real.postgresql import Server

_COMMIT = b"COMMIT\0"
_PATIENCE_SECONDS = 60.0


class Proxy:
    """Passes on everything, on a port of its own. Usable as a context."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._told = threading.Lock()
        self._next: list[bool] = []
        self.cuts = 0

    def url(self, database: str) -> str:
        return self._server.url(database).replace(f":{self._server.port}/", f":{self.port}/")

    def cut_next(self, *, carried_out: bool) -> None:
        """The next client that commits loses its connection instead of hearing that it has; `carried_out`: the server hears of it."""
        with self._told:
            self._next.append(carried_out)

    def forget(self) -> None:
        """Cut nobody who has not come yet."""
        with self._told:
            self._next.clear()

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing alone would leave whoever waits in accept() there.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._server.port)) as server:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            cut = threading.Event()
            threading.Thread(target=self._answer, args=(server, client, cut), daemon=True).start()
            try:
                self._ask(client, server, cut)
            finally:
                # Closing alone tells neither side, as long as the other thread waits for an answer.
                for side in (server, client):
                    with suppress(OSError):
                        side.shutdown(socket.SHUT_RDWR)

    def _ask(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        while asked := client.recv(65536):
            if asked.endswith(_COMMIT) and (carried_out := self._is_told()) is not None:
                self._cut(server, asked, cut, carried_out=carried_out)
                return
            server.sendall(asked)

    def _is_told(self) -> bool | None:
        with self._told:
            return self._next.pop(0) if self._next else None

    def _cut(self, server: socket.socket, asked: bytes, cut: threading.Event, *, carried_out: bool) -> None:
        self.cuts += 1  # before the client can notice
        if carried_out:
            cut.set()  # from now on the answer is kept back
            server.sendall(asked)
            server.settimeout(_PATIENCE_SECONDS)
            server.recv(1, socket.MSG_PEEK)

    def _answer(self, server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        try:
            with suppress(OSError):
                while told := self._take(server, cut):
                    client.sendall(told)
        finally:
            # Also where the server broke off: who asked would wait for ever.
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _take(server: socket.socket, cut: threading.Event) -> bytes:
        # Peeked at first: what comes once the connection is to be cut stays for `_cut` to see.
        waiting = server.recv(65536, socket.MSG_PEEK)
        return b"" if cut.is_set() or not waiting else server.recv(len(waiting))
