"""What a rehearsal came to, for people and for programs. Nothing is computed here; the words are those of `metrics.wording`."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from datetime import tzinfo

import msgspec

from metrics import spelling
from metrics.catalogue import ALL
from metrics.printing import iso_text
from metrics.rehearsal import Alarm, Chance, Comparison, Rehearsed
from metrics.snapshot import Reason
from metrics.wording import MEANINGS, REASONS, Word

_INDENT = "    "
_WORDS: tuple[Word, ...] = ("met", "missed", "cannot be told", "no data", "not yet", "hidden")
_SELDOM: tuple[Word, ...] = ("does not apply", "watched")
_NAMED = 4
_MOST_ALARMS = 20
_TELLING: tuple[Reason, ...] = (
    *("one_message", "straddles", "chance", "gap", "before_start", "no_value", "no_audience", "no_baseline"),
    "too_few",
)


def rehearsal_json(found: Sequence[Comparison], as_of: int) -> Iterator[str]:
    """One JSON object a target, a line each. `as_of`: microseconds."""
    for each in found:
        yield msgspec.json.encode(
            {
                "target": each.name,
                "change": each.change,
                "as_of": iso_text(as_of),
                "as_it_is": _object(each.as_it_is),
                "as_tried": _object(each.as_tried),
            }
        ).decode()


def _object(one: Rehearsed | None) -> dict[str, object] | None:
    if one is None:
        return None
    info = one.info
    asked = ("indicator", "value", "goes_by", "direction", "judge", "period", "window")
    return {
        **{key: getattr(info, key) for key in asked},
        "judged": "by message" if info.period == "message" else "by day",
        "from": one.since,
        "to": one.until,
        "forgotten_messages": one.lost,
        "judgements": len(one.judgements),
        "verdicts": {word: number for word in MEANINGS if (number := one.tally.get(word, 0))},
        "reasons": dict(sorted(one.reasons.items())),
        "alarms": [
            {
                "segment": alarm.segment,
                "from": alarm.first,
                "to": alarm.last,
                "judgements": alarm.judgements,
                "messages": alarm.messages,
                "lasting": alarm.lasting,
            }
            for alarm in one.alarms
        ],
        "by_chance": None
        if one.chance is None
        else {
            "alarms": round(one.chance.alarms, 2),
            "missed": round(one.chance.judgements, 2),
            "as_many": round(one.chance.as_many, 3),
            "spread": None if one.chance.spread is None else round(one.chance.spread, 3),
        },
        "no_chance": one.no_chance,
    }


def rehearsal_text(found: Sequence[Comparison], *, as_of: int, zone: tzinfo, width: int) -> str:
    """Every target tried, beside what it is. `as_of`: microseconds."""
    width = max(width, 100)
    head = f"Tried on what is recorded up to {spelling.moment_text(as_of, zone)}. Nothing was changed."
    blocks = [_wrapped(head, width), *(_block(each, width) for each in found), *_legend(found, width)]
    # Names of segments and messages are written by others: a control character in one must not steer the terminal.
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in "\n\n".join(blocks)) + "\n"


def _block(one: Comparison, width: int) -> str:
    sides = [
        (name, side) for name, side in (("as it is", one.as_it_is), ("as tried", one.as_tried)) if side is not None
    ]
    lines = [f"{one.name}: {one.change}" if one.change else one.name]
    lines += [_wrapped(f"{name}: {_asked(side)}", width, _INDENT) for name, side in sides]
    lines += ["", *(f"{_INDENT}{line}" for line in _table(sides)), ""]
    told: dict[str, list[str]] = {}
    for name, side in sides:
        for text in _sentences(side):
            told.setdefault(text, []).append(name)
    # What holds for both is said once.
    lines += [
        _wrapped(text if len(names) == len(sides) else f"{names[0]}: {text}", width, _INDENT)
        for text, names in told.items()
    ]
    shown_name, shown = sides[-1]
    alarms = shown.alarms
    if alarms:
        lines += ["", f"{_INDENT}alarms {shown_name}:"]
        lines += [_wrapped(_alarm(alarm, shown), width, _INDENT * 2) for alarm in alarms[:_MOST_ALARMS]]
        if len(alarms) > _MOST_ALARMS:
            lines.append(f"{_INDENT * 2}and {len(alarms) - _MOST_ALARMS} more: see --json")
    return "\n".join(lines)


def _asked(side: Rehearsed) -> str:
    info = side.info
    window = f", window {info.window}" if info.window else ""
    return f"{info.indicator}, {spelling.target_text(info)}, {info.period}{window}, judged by {info.judge}"


def _table(sides: Sequence[tuple[str, Rehearsed]]) -> Iterator[str]:
    used = [*_WORDS, *(word for word in _SELDOM if any(side.tally.get(word) for _, side in sides))]
    rows = [["", "judgements", *used, "alarms", "by chance"]]
    for name, side in sides:
        chance = "-" if side.chance is None else f"{side.chance.alarms:.1f}"
        numbers = [len(side.judgements), *(side.tally.get(word, 0) for word in used), len(side.alarms)]
        rows.append([name, *(f"{number:,}" for number in numbers), chance])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [text.rjust(size) for text, size in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([row[0].ljust(widths[0]), *cells]).rstrip()


def _sentences(side: Rehearsed) -> Iterator[str]:
    if not side.judgements:
        yield "nothing that stands can be judged by it." + _forgotten(side)
        return
    how = (
        "each message at the end of the day it settled"
        if side.info.period == "message"
        else "as it stood at the end of each day"
    )
    yield f"judged {how}, {side.since} to {side.until}.{_forgotten(side)}"
    for reason, number in sorted(side.reasons.items(), key=lambda each: (-each[1], each[0])):
        if reason in _TELLING:
            yield f"{number:,} of them: {REASONS[reason]}"
    if side.info.value is None and not side.info.goes_by:
        return
    if side.chance is None:
        yield side.no_chance or "Chance: nothing was judged."
        return
    chance, alarms, missed = side.chance, len(side.alarms), side.tally.get("missed", 0)
    expected = f"{chance.alarms:.1f} alarms and {chance.judgements:.1f} missed judgements"
    if chance.spread is None:
        much = "and periods been alike by the days that they share"
    else:
        much = f"and messages differed as here (by {100 * chance.spread:.0f} points)"
    yield (
        f"Chance: had the truth been the target exactly, all the time, {much}, chance alone raises {expected};"
        f" there were {alarms:,} and {missed:,}.{_explained(missed, chance)}"
    )


def _explained(missed: int, chance: Chance) -> str:
    if not missed:
        return ""
    # In judgements: an alarm that lasts is not the work of one bad draw.
    most = min(missed, math.ceil(chance.judgements))
    told = f"it may explain all {missed:,}" if most == missed else f"it explains {most:,} of {missed:,} at the most"
    return f" So {told}; as many, or more, come in {100 * chance.as_many:.0f} of 100 such pasts."


def _forgotten(side: Rehearsed) -> str:
    if not side.lost:
        return ""
    many = "older message" if side.lost == 1 else "older messages"
    so = "they are left out" if side.info.period == "message" else "no class with one of them is judged"
    return f" {side.lost:,} {many} cannot be counted so any more, being forgotten person by person: {so}."


def _alarm(alarm: Alarm, side: Rehearsed) -> str:
    who = "everybody" if alarm.segment == ALL else alarm.segment
    named = ", ".join(alarm.messages[:_NAMED])
    more = f" and {len(alarm.messages) - _NAMED} more" if len(alarm.messages) > _NAMED else ""
    messages = f": {named}{more}" if named else ""
    if side.info.period == "message":
        return f"{alarm.first}, {who}{messages}"
    until = f"{alarm.last}, still" if alarm.lasting else f"{alarm.last}"
    days = f"{alarm.judgements} day{'' if alarm.judgements == 1 else 's'}"
    return f"{alarm.first} to {until} ({days}), {who}{messages}"


def _legend(found: Sequence[Comparison], width: int) -> Iterator[str]:
    sides = [side for each in found for side in (each.as_it_is, each.as_tried) if side is not None]
    used = {word for side in sides for word in side.tally}
    lines = [_wrapped(f"{word + ':':<16}{text}", width, hanging=16) for word, text in MEANINGS.items() if word in used]
    lines.append(
        _wrapped(f"{'judgement:':<16}one segment on one day, or of one message once it has settled", width, hanging=16)
    )
    lines.append(_wrapped(f"{'alarm:':<16}missed without a break; of messages on their own, each", width, hanging=16))
    yield "\n".join(lines)


def _wrapped(text: str, width: int, indent: str = "", hanging: int = 2) -> str:
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent + " " * hanging)
