"""The manual's tables of keys, made of the models: what stands in `docs/configuration.md` between two marks."""

import re
from datetime import time
from typing import Any

from pydantic.fields import FieldInfo

from config import schema
from config.describe import allowed_by, is_list, is_part, keys_of, kind_at
from config.part import Part

_TABLE = re.compile(r"<!-- keys of (\w+) -->\n.*?<!-- end of keys -->", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with every table written anew."""
    return _TABLE.sub(
        lambda match: f"<!-- keys of {match[1]} -->\n{table_of(getattr(schema, match[1]))}\n<!-- end of keys -->", page
    )


def tables_in(page: str) -> list[str]:
    """The names of the models that the page has tables of."""
    return [match[1] for match in _TABLE.finditer(page)]


def table_of(part: type[Part]) -> str:
    """Key, meaning, what may stand there, default: a row a key."""
    rows = [
        f"| `{key}` | {_cell(field.description or '')} | {_cell(_allowed(part, key))} | {_cell(_default(field))} |"
        for key, field in keys_of(part).items()
    ]
    return "\n".join(["| key | what it says | allowed | default |", "|---|---|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _allowed(part: type[Part], key: str) -> str:
    kind = kind_at(part, (key,))
    assert kind is not None
    entry = kind_at(part, (key, 0)) if is_list(kind) else None
    if is_part(kind[0]) or (entry is not None and is_part(entry[0])):
        return "see below"
    return allowed_by(kind)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "has to be there"
    if field.default is None or isinstance(field.default, Part):
        return ""
    return f"`{_written(field.default)}`"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(_written(entry) for entry in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) or '""'
