"""A disk without room, for the process that asks; what is done to it then is left to the tests."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def room_for(most: int) -> Iterator[None]:
    """Within, no file that this process writes grows beyond so many bytes; to the database that is a full disk."""
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN, "Python sees to it, or this process would be ended"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
