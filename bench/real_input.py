"""`make real-input`: a real access log and a real message network through the whole road, held against plain computations, and what was
found written into docs/real-input.md. The files are not part of the repository."""

import argparse
import gzip
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import real_chat_told, real_pages_told
from bench.real_report import PAGE, Told, differences, put_into
from config.progress import Progress

WELL, DIFFERENT, AWAY = 0, 1, 4
_DATA = Path(__file__).parents[2] / "shared" / "data"
Tell = Callable[[Sequence[str], Path, Progress], Told]
_STORIES: dict[str, Tell] = {
    "apache_access.log.gz": real_pages_told.tell,
    "college_messages.txt.gz": real_chat_told.tell,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where both sides agree on everything, 1 where they do not, 4 where the files are not there."""
    parser = argparse.ArgumentParser("real-input", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=_DATA, metavar="FOLDER", help="where the files are (../shared/data)"
    )
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="the page to write the figures into")
    asked = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    missing = [name for name in _STORIES if not (asked.data / name).is_file()]
    if missing:
        print(
            f"real-input: {' and '.join(missing)} are not in {asked.data}; --data says where they are",
            file=sys.stderr,
        )
        return AWAY
    told = [_tell(asked.data / name, tell) for name, tell in _STORIES.items()]
    figures = {place: text for one in told for place, text in one.figures.items()}
    for place, text in figures.items():
        print(f"\n{place}\n\n{text}", end="")
    asked.page.write_text(put_into(asked.page.read_text(encoding="utf-8"), figures), encoding="utf-8")
    found = [line for one in told for line in differences(one.checks)]
    compared = sum(check.compared for one in told for check in one.checks)
    print(
        f"\n{compared:,} figures compared, {'no difference' if not found else 'not all alike'}; {asked.page} is written."
    )
    for line in found:
        print(f"different: {line}")
    return DIFFERENT if found else WELL


def _tell(file: Path, tell: Tell) -> Told:
    with (
        gzip.open(file, "rt", encoding="utf-8") as stream,
        tempfile.TemporaryDirectory() as folder,
    ):
        print(f"{file.name}: reading, running, comparing", file=sys.stderr)
        return tell(stream.readlines(), Path(folder), Progress())


if __name__ == "__main__":
    sys.exit(main())
