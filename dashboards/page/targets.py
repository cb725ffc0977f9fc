"""The section of the page that a communication lead came for: every target, worst first, with its parts folded away."""

from collections import Counter
from collections.abc import Mapping, Sequence

from dashboards.page.marks import css_class, graph, mark, marked
from dashboards.page.markup import Html, element, joined
from dashboards.page.tables import body, cell, heading, number, row, small, table
from metrics import spelling, wording
from metrics.catalogue import ALL
from metrics.snapshot import MessageInfo, PublishedReading, TargetInfo
from metrics.standings import Standing
from metrics.wording import MEANINGS, Definition, Word

_COLUMNS = ("Target", "Verdict", "Reading", "Should be", "People", "Why, and what to do")
_PART_COLUMNS = ("Part", "Verdict", "Reading", "People", "Why")


def tally(found: Sequence[Standing]) -> Html:
    """How many targets stand under each word, worst first."""
    counts = Counter(one.word for one in found)
    tiles = [
        element("li", mark(word), element("b", str(counts[word])), word, class_=css_class(word) or None)
        for word in MEANINGS
        if counts[word]
    ]
    return element("ul", *tiles, class_="tally", aria_label="Targets by verdict")


def targets_table(
    found: Sequence[Standing], messages: Mapping[str, MessageInfo], definitions: Mapping[str, Definition]
) -> Html:
    bodies = [_target(one, messages, definitions.get(one.target.indicator)) for one in found]
    caption = "Worst first. The bar is the range in which the true reading lies, the dashed line is the target."
    caption += " Raw is what a plain count would say, with machines taken for people."
    return table(_COLUMNS, bodies, caption=caption, class_="targets")


def _target(one: Standing, messages: Mapping[str, MessageInfo], definition: Definition | None) -> Html:
    target, whole = one.target, one.whole
    message = None if whole is None else messages.get(whole.message or "")
    shown = row(
        _name(one, message, definition),
        cell("Verdict", marked(one.word, "word told"), _signs(whole)),
        _reading(whole, one.word, one.target),
        cell("Should be", _unbroken(spelling.target_text(target)), small(_class_of_messages(target))),
        _people(whole),
        _why(one),
    )
    folded = joined(_parts(one), _formula(definition))
    below = row(element("td", folded, colspan=len(_COLUMNS), role="cell"), class_="below") if folded else None
    return body(shown, below)


def _name(one: Standing, message: MessageInfo | None, definition: Definition | None) -> Html:
    target = one.target
    return heading(
        element("strong", target.title or target.target),
        None if definition is None else small(definition.question),
        _limit(one),
        _message(one, message),
        small(f"Owner: {target.target_owner or 'nobody yet'}"),
        small(element("code", target.target), " · ", element("code", target.indicator)),
    )


def _message(one: Standing, message: MessageInfo | None) -> Html | None:
    """Which message's figures stand in the row of a target per message: by its title where it is among the latest."""
    if one.whole is None or one.whole.message is None:
        return None
    name = (message.title if message is not None else "") or one.whole.message
    return small(f"Message: {name}, {spelling.choice_text(one.target)}")


def _signs(reading: PublishedReading | None) -> Html | None:
    found = () if reading is None else wording.signs(reading)
    return small(element("b", ", ".join(found))) if found else None


def _limit(one: Standing) -> Html | None:
    """Whose figures stand in the row, where they are not everybody's."""
    if one.whole is None or one.whole.segment == ALL:
        return None
    return small("Shown, the worst part: " if one.parts else "Of: ", element("b", one.whole.segment))


def _reading(reading: PublishedReading | None, word: Word, target: TargetInfo) -> Html:
    if reading is None or reading.lower is None:
        return cell("Reading", element("span", word, class_="soft"))
    value = element("span", spelling.value_text(reading, target), class_="value number")
    below = [small("range ", number(spelling.range_text(reading, target)))]
    if reading.raw is not None:
        below.append(small("raw ", number(spelling.figure(reading.raw, reading.unit, working=spelling.works(target)))))
    return cell("Reading", value, graph(reading, word), *below, wide=True)


def _people(reading: PublishedReading | None) -> Html:
    if reading is None or reading.denominator is None:
        return cell("People", element("span", "-", class_="soft"))
    mature = None if reading.maturity is None else small(f"{spelling.maturity_text(reading)} mature")
    often = spelling.often_text(reading)
    return cell("People", number(spelling.people_text(reading)), small(often) if often else None, mature)


def _why(one: Standing) -> Html:
    reason = wording.REASONS["no_data"] if one.whole is None else wording.why(one.whole, one.target)
    advice = None
    if one.target.what_to_do and one.word not in ("met", "watched", "does not apply"):
        missed = one.word == "missed"
        heading_text = element("b", "What to do: ") if missed else "If missed: "
        advice = element("p", heading_text, one.target.what_to_do, class_=None if missed else "small")
    return cell("Why, and what to do", element("p", _unbroken(reason)), advice, wide=True)


def _parts(one: Standing) -> Html | None:
    if not one.parts:
        return None
    words = Counter(wording.word_of(part) for part in one.parts)
    counted = ", ".join(f"{words[word]} {word}" for word in MEANINGS if words[word])
    rows = (_part(part, one.target) for part in one.parts)
    shown = table(
        _PART_COLUMNS, [body(*rows)], caption=f"Parts of {one.target.title or one.target.target}, worst first."
    )
    return element(
        "details",
        element("summary", f"By part: {counted}", class_=css_class("missed") if words["missed"] else None),
        shown,
    )


def _part(part: PublishedReading, target: TargetInfo) -> Html:
    word = wording.word_of(part)
    return row(
        heading(wording.scope_text(part)),
        cell("Verdict", marked(word), _signs(part)),
        _reading(part, word, target),
        cell("People", number(spelling.people_text(part))),
        cell("Why", _unbroken(wording.why(part, target)), wide=True),
    )


def _formula(definition: Definition | None) -> Html | None:
    if definition is None:
        return None
    return element("details", element("summary", "How it is computed"), element("p", definition.formula))


def _class_of_messages(target: TargetInfo) -> str:
    period = "each message" if target.period == "message" else target.period
    window = f", window {target.window}" if target.window else ""
    return f"{period}{window}, judged by {target.judge}"


def _unbroken(text: str) -> str:
    """A figure keeps its sign on the same line."""
    return text.replace(" %", "\u00a0%")
