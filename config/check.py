"""What the keys of a configuration say together and cannot both mean. What needs another room to judge (does this indicator
exist, has the directory this attribute?) is that room's check; what single keys may hold is `config.schema`."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path

from config.duration import Span
from config.kafka import check_origins
from config.problem import Problem, choices, did_you_mean, written
from config.schema import USUAL_K, Disclosure, Settings, SourceSettings, Target
from config.wall import DAY_SECONDS
from config.windows import check_window

MESSAGE_ATTRIBUTES = ("topic", "purpose", "setting", "owner", "goal")
"""What a target may be broken down by beside the directory's attributes."""

# Words of messages, of series, and the directory's own columns: a person's manager or groups are no segments.
_COLUMNS = ("address", "person", "ids", "manager", "groups", "valid_from", "valid_to", "images", "objects")
_NO_SEGMENTS = frozenset((*MESSAGE_ATTRIBUTES, "channel", "all", *_COLUMNS))
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_GLOB = re.compile(r"[*?\[]")


def check(
    settings: Settings, windows: Mapping[str, Span] | None = None, lasting: Collection[str] = ()
) -> list[Problem]:
    """Everything wrong between the keys. `windows`: the indicators' own windows, for targets that name none; `lasting`: indicators that
    rest on nothing that is ever forgotten."""
    problems = [
        *_named_once("sources", settings.sources),
        *_named_once("targets", settings.targets),
        *_one_store(settings),
        *_segments(settings.directory.segments),
        *_overlapping(settings.sources),
        *check_origins(
            [source.origin for source in settings.sources],
            settings.kafka,
            {"catalogue.topics": settings.catalogue.topics, "directory.topics": settings.directory.topics},
        ),
        *_later_than_grace(settings),
        *_foreign_to_the_sample(settings),
        *_lowered(settings.disclosure),
    ]
    for number, target in enumerate(settings.targets):
        problems += _groups(settings, number, target)
        problems += _values(number, target)
        problems += _people_named(number, target)
        window = target.window or (windows or {}).get(target.indicator)
        problems += check_window(settings, number, window, lasting=target.indicator in lasting)
    return problems


def _named_once(part: str, entries: Sequence[SourceSettings | Target]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        if entry.name in seen:
            mend = f"Another of the {part} above has this one: rename one of the two."
            yield Problem(f"{part}[{number}].name", "", "a name of its own", mend)
        seen.add(entry.name)


def _one_store(settings: Settings) -> Iterator[Problem]:
    if settings.store is not None and settings.store_file is not None:
        mend = "Take one of the two away; a URL with a password in it belongs in the file."
        yield Problem("store_file", "", "`store` or `store_file`", mend, rests_on=("store",))


def _segments(segments: Sequence[str]) -> Iterator[Problem]:
    for number, name in enumerate(segments):
        path = f"directory.segments[{number}]"
        if name in _NO_SEGMENTS:
            mend = "This word means something else already: name the attribute otherwise in the directory."
            yield Problem(path, "", "an attribute of the directory", mend)
        elif not name or "=" in name:
            yield Problem(
                path, written(name), "an attribute of the directory, without its values", "Write `department`, for one."
            )
        elif name in segments[:number]:
            yield Problem(path, "", "each attribute once")


def _overlapping(sources: Sequence[SourceSettings]) -> Iterator[Problem]:
    for first, second in combinations(range(len(sources)), 2):
        if _share_files(sources[first].origin.files, sources[second].origin.files):
            yield Problem(
                f"sources[{second}].from.files",
                "",
                "files that no other source reads",
                f"The source `{sources[first].name}` reads files there too: give each source a directory of its own.",
                rests_on=(f"sources[{first}].from.files",),
            )


def _share_files(one: Path | None, other: Path | None) -> bool:
    """Whether one source's pattern covers the other's. A directory stands for every file in it."""
    if one is None or other is None:
        return False
    return any(
        len(left.parts) == len(right.parts)
        and all(fnmatchcase(a, b) or fnmatchcase(b, a) for a, b in zip(left.parts, right.parts, strict=True))
        for left in _patterns(one)
        for right in _patterns(other)
    )


def _patterns(files: Path) -> list[Path]:
    # Whether `streams/mail` is a file or a directory is not to be seen from here: a dot in the last name says file.
    return [files] if _GLOB.search(files.name) or files.suffix else [files / "*"]


def _later_than_grace(settings: Settings) -> Iterator[Problem]:
    grace = settings.retention.late_grace
    for number, source in enumerate(settings.sources):
        if source.lateness.seconds(DAY_SECONDS) > grace.seconds(DAY_SECONDS):
            mend = f"What arrives later changes nothing: write `late_grace: {source.lateness}` under `retention`, or less here."
            allowed = f"no more than `retention.late_grace`, which is {grace}"
            path = f"sources[{number}].lateness"
            yield Problem(path, "", allowed, mend, rests_on=("retention.late_grace",))


def _foreign_to_the_sample(settings: Settings) -> Iterator[Problem]:
    """A simulated company and a real one in one database could never be told apart again."""
    if settings.sample is None:
        return
    read: dict[str, Path | None] = {}
    for number, source in enumerate(settings.sources):
        read[f"sources[{number}].from{'' if source.origin.from_kafka else '.files'}"] = source.origin.files
    read |= {f"catalogue.files[{number}]": path for number, path in enumerate(settings.catalogue.files)}
    read |= {f"directory.files[{number}]": path for number, path in enumerate(settings.directory.files)}
    read |= {"catalogue.topics": None} if settings.catalogue.topics else {}
    read |= {"directory.topics": None} if settings.directory.topics else {}
    for path, files in read.items():
        if files is None or not files.is_relative_to(settings.sample.directory):
            mend = "Simulated people and real ones do not mix: take `sample` away to read real files."
            allowed = "files below `sample.directory`, where there is a `sample`"
            yield Problem(path, "", allowed, mend, rests_on=("sample.directory",))


def _lowered(disclosure: Disclosure) -> Iterator[Problem]:
    """Smaller groups show only where two roles have agreed to it."""
    roles = disclosure.lowered_by
    path = "disclosure.lowered_by"
    for number, role in enumerate(roles):
        if _ADDRESS.search(role):
            mend = "Write the role that agreed, such as `works council`: people come and go."
            yield Problem(f"{path}[{number}]", "what looks like a person's address", "a role or a team", mend)
    if disclosure.k < USUAL_K and len({role.strip().casefold() for role in roles} - {""}) < 2:
        mend = (
            f"A `k` under {USUAL_K} shows smaller groups: write the two roles that have agreed to it, such as "
            f"`lowered_by: [data protection officer, works council]`, or leave `k` at {USUAL_K}."
        )
        yield Problem(path, written(list(roles)), "two different roles", mend, rests_on=("disclosure.k",))


def _groups(settings: Settings, number: int, target: Target) -> Iterator[Problem]:
    """What the target is broken down by, and the segment, topic or goal it is limited to, are on the lists."""
    segments, scope = settings.directory.segments, target.scope
    known = (*segments, *MESSAGE_ATTRIBUTES)
    if target.by is not None and target.by not in known:
        mend = did_you_mean(target.by, known) or _add(target.by, "directory.segments")
        yield _unlisted(number, "by", choices(known), mend, "directory.segments")
    if scope.segment is not None:
        attribute, _, value = scope.segment.partition("=")
        if attribute not in segments:
            allowed = f"`attribute=value` with an attribute of `directory.segments` ({choices(segments) if segments else 'none yet'})"
            mend = did_you_mean(attribute, segments) or _add(attribute, "directory.segments")
            yield _unlisted(number, "scope.segment", allowed, mend, "directory.segments")
        elif not value:
            mend = f"Say which {attribute}: `{attribute}=...`."
            yield _unlisted(number, "scope.segment", "`attribute=value`", mend, "directory.segments")
    for word, name, words in (
        (scope.topic, "topic", settings.indicators.topics),
        (scope.goal, "goal", settings.indicators.goals),
    ):
        if word is not None and words and word not in words:
            mend = did_you_mean(word, words) or _add(word, f"indicators.{name}s")
            yield _unlisted(number, f"scope.{name}", choices(words), mend, f"indicators.{name}s")


def _values(number: int, target: Target) -> Iterator[Problem]:
    """Values of single segments are of segments that there are readings of."""
    for segment in target.values:
        path = f"targets[{number}].values"
        attribute, sign, value = segment.partition("=")
        if target.by is None:
            mend = f"Break the target down: `by: {attribute}`." if sign else "Break the target down with `by`."
            yield Problem(
                path, written(segment), "nothing where there is no `by`", mend, rests_on=(f"targets[{number}].by",)
            )
        elif attribute != target.by or not value:
            near = "" if sign and value else f"Say which {target.by}." if sign else f"Write `{target.by}={segment}`."
            allowed = f"segments of `by`, written `{target.by}=...`"
            yield Problem(path, written(segment), allowed, near, rests_on=(f"targets[{number}].by",))


def _add(word: str, listed: str) -> str:
    return f"If that is right, add {written(word)} to `{listed}`."


def _unlisted(number: int, key: str, allowed: str, mend: str, listed: str) -> Problem:
    return Problem(f"targets[{number}].{key}", "", allowed, mend, rests_on=(listed,))


def _people_named(number: int, target: Target) -> Iterator[Problem]:
    """Owners are roles or teams, and no page or label names a person. The address found is not printed either."""
    texts = {
        "owner": target.owner,
        "title": target.title,
        "what_to_do": target.what_to_do,
        "scope.owner": target.scope.owner,
    }
    for key, text in texts.items():
        if text and _ADDRESS.search(text):
            allowed = "a role or a team" if key.endswith("owner") else "a text that names no person"
            mend = "Everybody who sees the page sees this: write whose task it is, such as `Internal communication`."
            yield Problem(f"targets[{number}].{key}", "what looks like a person's address", allowed, mend)
