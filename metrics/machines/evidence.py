"""What a fact says of the person it is about. How that is found out is left to the rules beside this file."""

from enum import IntEnum


class Evidence(IntEnum):
    """Best first."""

    HUMAN = 0
    PROXY = 1
    SCANNER_LIKELY = 2
    SCANNER = 3


# What a mail client fetches by itself: a proxy that does so hides whether a person looked as well.
FETCHED = frozenset({"opened", "engaged"})
