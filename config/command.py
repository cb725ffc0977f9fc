"""One command of the command line: how it is added, and how a time is read there. Which commands there are is left to `commands`."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def moment(text: str) -> int:
    """A time on the command line (with an offset, or `Z`) as microseconds since 1970 UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 2026-11-02T08:15:00Z") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone: add Z for UTC, or an offset such as +01:00")
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def add(commands: Commands, name: str, help: str, more: str = "") -> argparse.ArgumentParser:
    description = f"{help[0].upper()}{help[1:]}.\n\n{more}" if more else f"{help[0].upper()}{help[1:]}."
    added = commands.add_parser(
        name, help=help, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    # Also after the command, where people put it; said there, it wins.
    added.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return added
