"""`python -m tests.metrics.disclosure.campaign`: the attack on a thousand random organisations, one after the other. Stopped, it goes on
where it stood, as long as nothing of the code has changed; what came of it is written into docs/disclosure.md."""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from bench.real_report import put_into
from config.progress import Progress
from metrics.snapshot import PublishedReading
from tests.metrics.disclosure.attack import Shot, find_narrow, shoot
from tests.metrics.disclosure.organisation import World
from tests.metrics.disclosure.planted import PLANTS, is_found, is_found_between

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "disclosure.md"
_PRODUCT = ("disclosing/*.py", "disclosure.py", "history.py", "looking_back.py", "publish.py")
_CODE = (*(f"metrics/{name}" for name in _PRODUCT), "tests/metrics/disclosure/[!t]*.py")
_SIZES = (50, 110, 230, 500, 1100, 2300, 5000)
HOLDS, BROKEN = 0, 1


class Tried(msgspec.Struct, frozen=True):
    """What came of one organisation. `outputs`: figures in all its snapshots, of which `hidden` are of small groups and others hidden
    `beside` them; `small`: groups the attacker asked for; `of_all`: how many the figures for everybody say as much of; `planted`: for each
    plant that found a place, whether it was found, and `between` two indicators."""

    seed: int
    people: int
    snapshots: int
    outputs: int
    hidden: int
    beside: int
    small: int
    leaks: list[str]
    of_all: int
    planted: list[bool]
    between: list[bool]
    seconds: float


def make_world(seed: int) -> World:
    return World(seed, _SIZES[seed % len(_SIZES)])


def try_organisation(seed: int) -> Tried:
    began = time.process_time()
    world = make_world(seed)
    shots = shoot(world)
    narrow = find_narrow(world, shots)
    planted = [found for plant in PLANTS if (found := is_found(make_world(seed), plant)) is not None]
    between = is_found_between(seed)
    return Tried(
        seed=seed,
        people=world.size,
        snapshots=len(shots),
        outputs=sum(len(shot.facts) for shot in shots),
        hidden=sum(shot.hidden for shot in shots),
        beside=sum(sum(map(_is_hidden, _readings(shot))) - shot.hidden for shot in shots),
        small=len({target.subject for shot in shots for target in shot.small}),
        leaks=[str(leak) for leak in narrow if not leak.of_all],
        of_all=sum(leak.of_all for leak in narrow),
        planted=planted,
        between=[] if between is None else [between],
        seconds=time.process_time() - began,
    )


def _readings(shot: Shot) -> Iterable[PublishedReading]:
    return (fact.reading for fact in shot.facts)


def _is_hidden(reading: PublishedReading) -> bool:
    return reading.verdict == "suppressed"


def summary(tried: Sequence[Tried]) -> str:
    """A table of everything that was tried, for the page."""
    outputs, hidden, beside = (sum(getattr(one, name) for one in tried) for name in ("outputs", "hidden", "beside"))
    planted, between = ([found for one in tried for found in getattr(one, name)] for name in ("planted", "between"))
    lines = [
        ("random organisations", f"{len(tried):,}"),
        ("... with people", f"{min(one.people for one in tried):,} to {max(one.people for one in tried):,}"),
        ("snapshots, given to the attacker all together", f"{sum(one.snapshots for one in tried):,}"),
        ("... pairs of them", f"{sum(one.snapshots * (one.snapshots - 1) // 2 for one in tried):,}"),
        ("figures in them", f"{outputs:,}"),
        ("... hidden, of small groups", f"{hidden:,} ({_percent(hidden, outputs)})"),
        ("... hidden beside these", f"{beside:,} ({_percent(beside, outputs)})"),
        ("small groups there were", f"{sum(one.small for one in tried):,}"),
        ("small groups determined or narrowed", f"{sum(len(one.leaks) for one in tried):,}"),
        (
            "... and of which the figures for everybody alone say as much",
            f"{sum(one.of_all for one in tried):,}",
        ),
        ("leaks planted", f"{len(planted):,}"),
        ("... and found", f"{sum(planted):,}"),
        ("leaks planted between two indicators", f"{len(between):,}"),
        ("... and found", f"{sum(between):,}"),
        ("seconds of one core", f"{sum(one.seconds for one in tried):,.0f}"),
    ]
    return "\n".join(["| what | how many |", "| --- | --- |", *(f"| {what} | {many} |" for what, many in lines)]) + "\n"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where nothing was found but what was planted, and all of that."""
    parser = argparse.ArgumentParser("python -m tests.metrics.disclosure.campaign", description=__doc__)
    parser.add_argument("--organisations", type=int, default=1_000, metavar="N")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="the first of them")
    parser.add_argument(
        "--kept", type=Path, default=ROOT / "var" / "attack", metavar="FOLDER", help="what was tried before"
    )
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE")
    asked = parser.parse_args(arguments)
    asked.kept.mkdir(parents=True, exist_ok=True)
    kept = asked.kept / f"{_digest()}.ndjson"
    done = {one.seed: one for one in map(_decode, kept.read_bytes().splitlines() if kept.exists() else [])}
    progress = Progress()
    for number in range(asked.organisations):
        seed = asked.first + number
        if seed not in done:
            progress.report("attacking", number, asked.organisations)
            done[seed] = try_organisation(seed)
            with kept.open("ab") as file:
                file.write(msgspec.json.encode(done[seed]) + b"\n")
    progress.end()
    tried = [done[seed] for seed in sorted(done)]
    print(summary(tried), end="")
    page = asked.page.read_text(encoding="utf-8")
    asked.page.write_text(put_into(page, {"attack": summary(tried)}), encoding="utf-8")
    broken = [one for one in tried if one.leaks or not all(one.planted + one.between)]
    for one in broken:
        print(f"organisation {one.seed}: {'; '.join(one.leaks) or 'a planted leak was not found'}", file=sys.stderr)
    return BROKEN if broken else HOLDS


def _decode(line: bytes) -> Tried:
    return msgspec.json.decode(line, type=Tried)


def _digest() -> str:
    """Of the code that figures depend on."""
    files = sorted(file for pattern in _CODE for file in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
