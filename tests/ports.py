"""Ports for the servers that tests start, each given to one alone, whoever else of this machine asks. Who listens on them is left to those
that ask."""

import random
import socket
from collections import deque
from contextlib import suppress

# Below those that the system gives by itself to whoever connects or listens anywhere: from asking here until a broker listens a second and
# more goes by, and in that time another test would get one of those now and then.
_FIRST, _BEHIND = 20_000, 32_768
_LOOPBACK = "127.0.0.1"
_chance = random.SystemRandom()
# Until the server listens its port is claimed by holding that of UDP, on which nobody listens. Not for ever: a process may hold only so
# many files.
_claims: deque[socket.socket] = deque()
_MOST_CLAIMS = 200


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        port = _chance.randrange(_FIRST, _BEHIND)
        with suppress(OSError):
            _claim(port)
            found.append(port)
    return found


def _claim(port: int) -> None:
    """OSError where it is somebody's."""
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind((_LOOPBACK, port))
        with socket.socket() as probe:
            probe.bind((_LOOPBACK, port))
    except OSError:
        claim.close()
        raise
    _claims.append(claim)
    if len(_claims) > _MOST_CLAIMS:
        _claims.popleft().close()
