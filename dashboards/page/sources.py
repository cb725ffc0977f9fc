"""The section of the page for whoever runs the service: what comes in, what does not, how old it is."""

from dashboards.page.markup import Child, Html, element, joined
from dashboards.page.state import ServiceState, SourceState
from dashboards.page.tables import body, cell, heading, number, row, small, table
from metrics import spelling
from metrics.snapshot import Snapshot, count_hidden

_COLUMNS = ("Source", "State", "Last event", "Late by", "Events", "Dead letters", "Gaps")

_SECOND = 1_000_000


def sources_table(state: ServiceState) -> Html:
    if not state.sources:
        return element("p", "No source is configured: nothing can come in.")
    rows = (_source(source, state) for source in state.sources)
    return table(_COLUMNS, [body(*rows)], caption="Where events come from.", class_="sources")


def _source(source: SourceState, state: ServiceState) -> Html:
    happened = source.last_event_at
    age = "none yet" if happened is None else f"{spelling.age_text(state.now - happened)} ago"
    exactly = None if happened is None else small(number(spelling.moment_text(happened, state.zone)))
    return row(
        heading(element("strong", source.name), small(source.channel)),
        cell("State", *_condition(source), wide=bool(source.paused or source.failing)),
        cell("Last event", age, exactly),
        cell("Late by", *_lateness(source)),
        cell("Events", *_amount(source)),
        cell("Dead letters", number(f"{source.dead_letters:,}")),
        cell("Gaps", number(f"{source.gaps:,}")),
    )


def _amount(source: SourceState) -> tuple[Child, ...]:
    """What came in; where others read it, what they have recorded as read: how many events that was, nobody counts."""
    if source.records is None:
        return (number(f"{source.events:,}"),)
    return number(f"{source.records:,}"), small("records, read by workers")


def _lateness(source: SourceState) -> tuple[Child, ...]:
    """What is waited for, by which of the two."""
    declared = spelling.age_text(source.declared_seconds * _SECOND)
    if source.measured_seconds is None:
        return f"up to {declared}", small("declared; too few events to measure it")
    measured = spelling.age_text(source.measured_seconds * _SECOND)
    if source.measured_seconds > source.declared_seconds:
        return f"up to {measured}", small(f"measured, where {declared} is declared: nothing is called missed before")
    return f"up to {declared}", small(f"declared; measured: {measured}")


def _condition(source: SourceState) -> tuple[Child, ...]:
    if source.paused:
        command = small("When that is mended: ", element("code", f"./earshot resume {source.name}"))
        return element("b", "Paused"), element("p", source.paused), command
    if source.failing:
        return element("b", "Failing"), element("p", source.failing)
    waiting = small(f"{source.waiting:,} waiting") if source.waiting else None
    return ("Catching up" if waiting else "Up to date"), waiting


def incomplete(state: ServiceState) -> Html | None:
    """A warning above the readings where a source does not deliver: they may lack events."""
    sick = [
        f"{source.name} ({'paused' if source.paused else 'failing'})"
        for source in state.sources
        if source.paused or source.failing
    ]
    if not sick:
        return None
    link = element("a", "What comes in", href="#sources")
    return element(
        "p",
        f"Events may be missing from these readings: {', '.join(sick)}. See ",
        link,
        ".",
        class_="notice",
        role="status",
    )


def facts(snapshot: Snapshot | None, state: ServiceState) -> Html:
    """Figures about the whole service, a line each."""
    letters = sum(source.dead_letters for source in state.sources)
    lines = [
        (
            "Dead letters",
            f"{letters:,} records that could not be understood; kept, and read again by `./earshot replay`",
        ),
        ("Gaps", f"{sum(source.gaps for source in state.sources):,} in what was read"),
        ("Smallest group shown", f"{state.minimum_people} people"),
    ]
    if state.unmatched is not None:
        lines.insert(1, ("Unmatched", f"{state.unmatched:,} references that no catalogue describes"))
    if snapshot is not None:
        hidden, readings = count_hidden(snapshot.readings)
        versions = snapshot.versions
        lines += [
            ("Hidden readings", f"{hidden:,} of {readings:,}"),
            (
                "Versions",
                f"rules {versions.rules}, catalogue {versions.catalogue}, configuration {versions.configuration}",
            ),
        ]
    pairs = [joined(element("dt", name), element("dd", text)) for name, text in lines]
    return element("dl", *pairs, class_="facts")
