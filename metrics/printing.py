"""The published snapshot on a terminal: a table for people, one JSON object a reading for programs. Nothing is computed
here; the words are those of `metrics.wording` and `metrics.spelling`."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from metrics import spelling, wording
from metrics.snapshot import PublishedReading, Snapshot, TargetInfo
from metrics.standings import Standing, standings, summary
from metrics.wording import MEANINGS, Definition, Word

WIDTH = 120

_INDENT = "    "
_WHERE_KNOWN = ("falling", "at_risk", "ahead")
_HEADINGS = ("verdict", "scope", "value", "range", "raw", "target", "people", "mature")
_SCOPE = _HEADINGS.index("scope")
_SCOPE_AT_LEAST = 16
_ALIGNED_RIGHT = frozenset({"value", "range", "raw", "target", "people", "mature"})


def json_lines(snapshot: Snapshot) -> Iterator[str]:
    """One JSON object a reading, with the keys of the contract, section 6: first those of targets, then those of single
    messages that no target has shown already."""
    shown = set(snapshot.readings)
    messages = (reading for reading in snapshot.message_readings if reading not in shown)
    for reading in (*snapshot.readings, *messages):
        yield msgspec.json.encode(_object(reading, snapshot)).decode()


def _object(reading: PublishedReading, snapshot: Snapshot) -> dict[str, object]:
    of = {"period": reading.period} if reading.message is None else {"message": reading.message}
    return {
        "target": reading.target,
        "indicator": reading.indicator,
        **of,
        "channel": reading.channel,
        "segment": reading.segment,
        "value": reading.value,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "lower": reading.lower,
        "upper": reading.upper,
        "raw": reading.raw,
        "coarse": reading.coarse,
        "maturity": reading.maturity,
        "verdict": reading.verdict,
        "reason": reading.reason,
        "parts": reading.parts,
        "as_of": iso_text(snapshot.as_of),
        "versions": msgspec.structs.replace(snapshot.versions, rules=reading.rules or snapshot.versions.rules),
        **{key: value for key in _WHERE_KNOWN if (value := getattr(reading, key)) is not None},
    }


def iso_text(microseconds: int) -> str:
    """A moment as programs read it."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def readings_table(
    snapshot: Snapshot, *, zone: tzinfo, definitions: Mapping[str, Definition] | None = None, width: int = WIDTH
) -> str:
    """Every target with its readings, worst first, and what it all means at the end. `definitions`: by indicator.
    `width`: 110 at the least; a row is wider only where its figures are."""
    width = max(width, 110)
    found = standings(snapshot)
    blocks = [f"Readings as of {spelling.moment_text(snapshot.as_of, zone)}\n{summary(found)}"]
    blocks += [_block(one, definitions or {}, width) for one in found]
    blocks.append(_legend(found, width))
    blocks += [_wrapped(f"Note: {note}", width) for note in snapshot.notes]
    return _harmless("\n\n".join(blocks)) + "\n"


def _harmless(text: str) -> str:
    # Titles and segments are written by others: a control character in one must not steer the terminal.
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)


def _readings(one: Standing) -> list[PublishedReading]:
    return [*([one.whole] if one.whole is not None else []), *one.parts]


def _column_widths(table: Sequence[Sequence[str]], width: int) -> list[int]:
    """Of one target's table: another target's long figures must not take the room of this one's names."""
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEADINGS))]
    # What does not fit is taken from the scope, the only column whose length nobody bounds; too short it names nothing.
    room = width - len(_INDENT) - 2 * (len(_HEADINGS) - 1) - sum(widths) + widths[_SCOPE]
    widths[_SCOPE] = min(widths[_SCOPE], max(room, _SCOPE_AT_LEAST))
    return widths


def _block(one: Standing, definitions: Mapping[str, Definition], width: int) -> str:
    target = one.target
    definition = definitions.get(target.indicator)
    owner = f"; owner: {target.target_owner}" if target.target_owner else ""
    window = f", window {target.window}" if target.window else ""
    period = f"{target.period}{window}, judged by {target.judge}"
    lines = [
        _wrapped(f"{target.target}: {target.title}" if target.title else target.target, width),
        _wrapped(f"{target.indicator}, {spelling.target_text(target)}, {period}{owner}", width, _INDENT),
    ]
    if definition is not None:
        lines.append(_wrapped(f"{definition.question} ({definition.formula})", width, _INDENT))
    readings = _readings(one)
    if not readings:
        return "\n".join([*lines, f"{_INDENT}no data: this target has no reading yet"])
    table = [_HEADINGS, *(_cells(reading, target) for reading in readings)]
    widths = _column_widths(table, width)
    lines += [line for row in table for line in _row(row, widths)]
    lines += [_wrapped(text, width, _INDENT) for text in _asides(one)]
    lines += _reasons(readings, target, width)
    if target.what_to_do and any(wording.word_of(reading) == "missed" for reading in readings):
        lines.append(_wrapped(f"what to do: {target.what_to_do}", width, _INDENT))
    return "\n".join(lines)


def _asides(one: Standing) -> Iterator[str]:
    """What the figures of a table count, where somebody might take them for something else."""
    choice = spelling.choice_text(one.target)
    if choice and one.whole is not None and one.whole.message is not None:
        yield f"shown: {choice}; others among the latest: ./earshot readings --json"
    often = [text for reading in _readings(one) if (text := spelling.often_text(reading))]
    if often:
        yield f"people: {often[0] if len(_readings(one)) == 1 else 'each once for each message'}"


def _cells(reading: PublishedReading, target: TargetInfo) -> tuple[str, ...]:
    sign = {"at_least": ">= ", "at_most": "<= "}.get(target.direction, "")
    wanted, working = reading.target_value, spelling.works(target)
    return (
        wording.word_of(reading),
        " ".join(wording.scope_text(reading).split()),
        spelling.value_text(reading, target),
        spelling.range_text(reading, target),
        "-" if reading.raw is None else spelling.figure(reading.raw, reading.unit, working=working),
        "-" if wanted is None else sign + spelling.figure(wanted, reading.unit, working=working),
        spelling.people_text(reading),
        spelling.maturity_text(reading),
    )


def _row(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """A scope too long for its column goes on below: cut short, two parts might read the same."""
    scope = textwrap.wrap(row[_SCOPE], widths[_SCOPE]) or [""]
    for number, piece in enumerate(scope):
        cells = [*row[:_SCOPE], piece, *row[_SCOPE + 1 :]] if number == 0 else [""] * _SCOPE + [piece]
        yield (_INDENT + "  ".join(_aligned(cells, widths))).rstrip()


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for heading, text, size in zip(_HEADINGS, cells, widths, strict=False):
        yield text.rjust(size) if heading in _ALIGNED_RIGHT else text.ljust(size)


def _reasons(readings: Sequence[PublishedReading], target: TargetInfo, width: int) -> list[str]:
    """Each reason once, with the scopes it holds for."""
    scopes: dict[tuple[Word, str], list[str]] = {}
    for reading in readings:
        key = wording.word_of(reading), wording.why(reading, target)
        scopes.setdefault(key, []).append(wording.scope_text(reading))
    lines = []
    for (word, sentence), where in scopes.items():
        if sentence:
            named = "" if len(readings) == 1 else f" ({'; '.join(where)})"
            lines.append(_wrapped(f"{word}{named}: {sentence}", width, _INDENT))
    return lines


def _legend(found: Sequence[Standing], width: int) -> str:
    """Which targets are missed, which cannot be judged yet and why, and what the words mean."""
    missed = [one.target.target for one in found if one.word == "missed"]
    in_parts = [
        f"{one.target.target} ({wording.scope_text(part)})"
        for one in found
        for part in one.parts
        if one.word != "missed" and wording.word_of(part) == "missed"
    ]
    lines = [_wrapped(f"Missed: {', '.join(missed) or 'none'}.", width)]
    if in_parts:
        lines.append(_wrapped(f"Missed in parts, though not as a whole: {', '.join(in_parts)}.", width))
    open_ones = [one for one in found if not one.is_watched and one.word not in ("met", "missed")]
    lines.append("Cannot be judged yet:" if open_ones else "Cannot be judged yet: none.")
    for one in open_ones:
        reason = wording.REASONS["no_data"] if one.whole is None else wording.why(one.whole, one.target)
        lines.append(_wrapped(f"{one.target.target}, {one.word}: {reason}", width, "  "))
    used = {wording.word_of(reading) for one in found for reading in (one.whole, *one.parts) if reading is not None}
    used |= {one.word for one in found}
    lines.append("")
    lines += [_wrapped(f"{word + ':':<16}{text}", width, hanging=16) for word, text in MEANINGS.items() if word in used]
    lines.append(
        _wrapped(f"{'range:':<16}where the true reading lies, given all that could not be seen", width, hanging=16)
    )
    lines.append(_wrapped(f"{'raw:':<16}what a plain count would say, machines taken for people", width, hanging=16))
    return "\n".join(lines)


def _wrapped(text: str, width: int, indent: str = "", hanging: int = 2) -> str:
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent + " " * hanging)
