"""What may stand at a key, in plain words taken from the models: for problems and for the manual. Knows no single key."""

import types
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic.fields import FieldInfo

from config.part import Part
from config.problem import choices
from config.tree import Location
from config.values import Allowed

Kind = tuple[Any, tuple[Any, ...]]
"""A type and what its annotation says besides."""


def keys_of(part: type[Part]) -> dict[str, FieldInfo]:
    """The keys of a part as written in a file, in their order."""
    return {field.alias or name: field for name, field in part.model_fields.items()}


def kind_at(part: type[Part], location: Location) -> Kind | None:
    """What stands at a location below a part; None where the models know no such place."""
    kind: Kind = (part, ())
    for step in location:
        inner = _inner(_core(*kind), step)
        if inner is None:
            return None
        kind = inner
    return _core(*kind)


def known_location(part: type[Part], location: Location) -> Location:
    """As much of a location as the models know."""
    while location and kind_at(part, location) is None:
        location = location[:-1]
    return location


def part_at(part: type[Part], location: Location) -> type[Part] | None:
    """The part that stands at a location, where one does."""
    kind = kind_at(part, location)
    return kind[0] if kind is not None and is_part(kind[0]) else None


def is_part(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Part)


def is_list(kind: Kind) -> bool:
    return _origin(kind[0]) is tuple


def words_of(kind: Kind) -> tuple[str, ...]:
    """The words of which one may stand there; none where it is no choice."""
    return get_args(kind[0]) if _origin(kind[0]) is Literal else ()


def allowed_by(kind: Kind) -> str:
    """What may stand there, in plain words."""
    annotation, said = kind
    for note in said:
        if isinstance(note, Allowed):
            return note.text
    origin = _origin(annotation)
    if origin is Literal:
        return choices(get_args(annotation))
    if origin is tuple:
        return f"a list, each entry {allowed_by(_core(get_args(annotation)[0], ()))}"
    if origin is dict:
        return f"keys of your own, each with {allowed_by(_core(get_args(annotation)[1], ()))}"
    if is_part(annotation):
        return f"a mapping with the keys {', '.join(f'`{key}`' for key in keys_of(annotation))}"
    return _allowed_scalar(annotation, said)


def _origin(annotation: Any) -> Any:
    return get_origin(annotation)


def _core(annotation: Any, said: tuple[Any, ...]) -> Kind:
    """Without `Annotated` and `| None`; what the outer layers say comes first."""
    while True:
        origin = _origin(annotation)
        if origin is Annotated:
            annotation, *notes = get_args(annotation)
            said = (*said, *notes)
            continue
        inner = [choice for choice in get_args(annotation) if choice is not type(None)]
        if origin in (Union, types.UnionType) and len(inner) == 1:
            annotation = inner[0]
            continue
        return annotation, said


def _inner(kind: Kind, step: str | int) -> Kind | None:
    annotation = kind[0]
    if is_part(annotation):
        field = keys_of(annotation).get(str(step))
        return None if field is None else (field.annotation, tuple(field.metadata))
    if _origin(annotation) is tuple and isinstance(step, int):
        return get_args(annotation)[0], ()
    if _origin(annotation) is dict:
        return get_args(annotation)[1], ()
    return None


def _allowed_scalar(annotation: Any, said: tuple[Any, ...]) -> str:
    if annotation is bool:
        return "`true` or `false`"
    if annotation is int:
        return _within("a whole number", said)
    if annotation is float:
        return _within("a number", said)
    if annotation in (date, time, ZoneInfo, Path):
        raise TypeError(f"{annotation} needs an Allowed in its annotation")
    return "text"


def _within(number: str, said: tuple[Any, ...]) -> str:
    lowest = next((note.ge for note in said if hasattr(note, "ge")), None)
    highest = next((note.le for note in said if hasattr(note, "le")), None)
    if lowest is None:
        return number
    return f"{number} from {lowest} to {highest}" if highest is not None else f"{number}, {lowest} at least"
