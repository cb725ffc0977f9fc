"""YAML text to a plain tree of mappings, lists and texts, with the line of everything in it. What the texts mean is left to
`config.schema`.

Of YAML, only what needs no explaining: no anchors, no tags, one document, and no key twice. Every scalar stays the text
that was written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from config.problem import Problem, written
from config.values import Plain

Location = tuple[str | int, ...]
Tree = dict[str, Any] | list[Any] | str | None

WHOLE = "the file"
_DEEPEST = 20
_NOTHING = ("", "~", "null", "Null", "NULL")

# What PyYAML says, to what people can mend. The first that occurs in its sentence holds.
_SYNTAX = (
    ("'\\t'", "a tab", "Indent with spaces."),
    ("mapping values are not allowed", "a colon where no key can stand", "Put texts with `: ` in them in quotes; check the indentation."),
    ("could not find expected ':'", "a line that is no `key: value`", "Check the indentation, and that every key has its colon."),
    ("expected <block end>", "a line that belongs to nothing above it", "Check its indentation against the lines above, and its quotes."),
    ("while scanning a quoted scalar", "a quote that is never closed", "Close it."),
    ("found unexpected end of stream", "a quote that is never closed", "Close it."),
    ("expected ',' or", "a bracket that is never closed, or a comma left out", "Close it, or write one entry a line."),
    ("cannot start any token", "a sign that no text can begin with", "Put the text in quotes."),
    ("special characters are not allowed", "a control character", "Take it out."),
)  # fmt: skip


class Unreadable(Exception):
    """The text is no tree at all; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass
class Reading:
    """`tree`: what the text says, empty where it says nothing. `lines`: where each location's key or list entry begins, from 1.
    `problems`: with what was passed over; each at its location."""

    tree: Tree = None
    lines: dict[Location, int] = field(default_factory=dict)
    problems: dict[Location, Problem] = field(default_factory=dict)


def path_of(location: Location) -> str:
    """A location as people read it: `targets[2].value`."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{written_key(step)}" for step in location]
    return "".join(steps).removeprefix(".") or WHOLE


def written_key(key: str) -> str:
    """A key inside a path: as it is where it is plain, else as a value is written."""
    return key if re.fullmatch(r"[\w.@*+-]{1,60}", key) else written(key)


def value_at(tree: Tree, location: Location) -> Tree:
    """What stands at a location; None where nothing does."""
    for step in location:
        if isinstance(tree, dict) and isinstance(step, str):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def read_tree(text: str) -> Reading:
    """Raises Unreadable where the text is not YAML, has several documents, or is nested out of all reason."""
    reading = Reading()
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if reading.lines:
                    raise _unreadable("a second document", event, "Keep one file to a document: take out the `---`.")
                reading.tree = _Builder(events, reading).build(next(events), ())
                reading.lines[()] = 1
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_explain(error)) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML lets some escapes fall through to chr() and int().
        raise Unreadable(Problem(WHOLE, "a character that is not text", "a YAML document")) from None
    return reading


class _Builder:
    def __init__(self, events: Iterator[yaml.Event], reading: Reading) -> None:
        self._events = events
        self._reading = reading

    def build(self, event: yaml.Event, location: Location) -> Tree:
        """The tree that begins with an event, at a location."""
        if len(location) > _DEEPEST:
            raise _unreadable(f"more than {_DEEPEST} levels", event, "No key of ours lies so deep.")
        if isinstance(event, yaml.AliasEvent):
            self._refuse(location, event, f"the alias {written(f'*{event.anchor}')}", "Write out what it stands for.")
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._pass_over_marks(event, location)
        if isinstance(event, yaml.MappingStartEvent):
            return self._build_mapping(location)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._build_list(location)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        return None

    def _pass_over_marks(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, location: Location) -> None:
        if event.anchor is not None:
            self._refuse(location, event, f"the anchor {written(f'&{event.anchor}')}", "Write the value without it.")
        elif event.tag is not None:
            self._refuse(location, event, f"the tag {written(event.tag)}", "Write the value without it.")

    def _build_list(self, location: Location) -> list[Any]:
        entries: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*location, len(entries))
            self._reading.lines[here] = _line(event.start_mark)
            entries.append(self.build(event, here))
        return entries

    def _build_mapping(self, location: Location) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise _unreadable(
                    "a key that is not text", event, "Put it in quotes if it begins with a bracket or a star."
                )
            here = (*location, event.value)
            if event.value in mapping:
                self._refuse(
                    here,
                    event,
                    f"the key {written(event.value)} a second time",
                    f"It stands in line {self._reading.lines[here]} already: keep one of the two.",
                    allowed="each key once",
                )
                self._skip()
                continue
            self._reading.lines[here] = _line(event.start_mark)
            mapping[event.value] = self.build(next(self._events), here)
        return mapping

    def _skip(self) -> None:
        # A repeated key's value is read, so that the events go on behind it, and thrown away with all it said.
        _Builder(self._events, Reading()).build(next(self._events), ())

    def _refuse(
        self, location: Location, event: yaml.Event, found: str, mend: str, *, allowed: str = "plain keys and values"
    ) -> None:
        problem = Problem(path_of(location), found, allowed, mend, place=place_of(_line(event.start_mark)))
        self._reading.problems.setdefault(location, problem)


def place_of(line: int) -> str:
    """A line as problems name it; 0 is no line."""
    return f"line {line}" if line else ""


def _line(mark: Any) -> int:
    return mark.line + 1 if mark is not None else 0


def _scalar(event: yaml.ScalarEvent) -> Tree:
    if event.style is not None:
        return event.value
    return None if event.value in _NOTHING else Plain(event.value)


def _unreadable(found: str, event: yaml.Event, mend: str) -> Unreadable:
    return Unreadable(Problem(WHOLE, found, "one YAML document", mend, place=place_of(_line(event.start_mark))))


def _explain(error: yaml.MarkedYAMLError) -> Problem:
    # Never the snippet that PyYAML quotes: it may hold a secret.
    said = f"{error.context or ''} {error.problem or ''}"
    # What is never closed is mended where it was opened.
    opened = said.startswith(("while scanning", "while parsing a flow"))
    place = place_of(_line(error.context_mark if opened and error.context_mark else error.problem_mark))
    for sign, found, mend in _SYNTAX:
        if sign in said:
            return Problem(WHOLE, found, "a YAML document", mend, place=place)
    return Problem(
        WHOLE, "what is not YAML", "a YAML document", "Check the indentation, the colons and the quotes.", place=place
    )
