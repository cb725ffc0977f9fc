"""From the cell of a file's row to a checked value, or Refused. Whose column it is, and hashing, are left to the readers of files."""

import unicodedata
from datetime import tzinfo
from difflib import get_close_matches

from config.problem import choices
from metrics.imports.trees import Tree
from metrics.masking import HIDDEN, holds_address, shown
from metrics.moments import midnight, read_day, read_moment

LONGEST = 120
LONGEST_IDENTIFIER = 320
_YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
_TIME = "a day (`2026-11-02`: from its first moment) or a time (`2026-11-02T08:15:00Z`)"


class Refused(ValueError):
    """A cell that may not stand there: what was found (fit to be shown), what is allowed, how to mend it."""

    def __init__(self, found: str, allowed: str, mend: str = "") -> None:
        super().__init__(found)
        self.found = found
        self.allowed = allowed
        self.mend = mend


def text_of(cell: Tree, longest: int = LONGEST) -> str:
    """Trimmed, in one spelling of its accents; "" where the cell is empty."""
    if cell is None:
        return ""
    text = unicodedata.normalize("NFC", cell.strip()) if isinstance(cell, str) else None
    if text is None or len(text) > longest or not text.isprintable():
        raise Refused(shown(cell), f"a text on one line, of {longest} characters at most")
    return text


def attribute_of(cell: Tree) -> str:
    text = text_of(cell)
    if holds_address(text):
        mend = "Identifiers go in `address` or `ids`; leave the column out if it holds none."
        raise Refused("an address", "what people have in common", mend)
    return text


def words_of(cell: Tree, separator: str | None = None) -> list[str]:
    """The texts of a list, or the words of a text; split at `separator` where the text has one, else at spaces."""
    if isinstance(cell, list):
        return [word for word in (text_of(entry, LONGEST_IDENTIFIER) for entry in cell) if word]
    text = text_of(cell, 20 * LONGEST_IDENTIFIER)
    if separator is None or separator not in text:
        return text.split()
    return [word.strip() for word in text.split(separator) if word.strip()]


def groups_of(cell: Tree) -> list[str]:
    """Names separated by spaces, or by `;` where a name has a space in it."""
    return [attribute_of(word) for word in words_of(cell, ";")]


def identifier_of(cell: Tree) -> str:
    """Never quoted in what is refused: it may be anybody's."""
    text = cell.strip() if isinstance(cell, str) else "" if cell is None else " "
    if len(text) > LONGEST_IDENTIFIER or (text and not text.isprintable()) or len(text.split()) > 1 or text == " ":
        allowed = f"one identifier without spaces, of {LONGEST_IDENTIFIER} characters at most"
        raise Refused(HIDDEN, allowed, "Further identifiers go in `ids`.")
    return text


def yes_or_no(cell: Tree) -> bool:
    return _one_of(cell, _YES_OR_NO, "`true`, `false` or nothing")


def images_blocked(cell: Tree) -> bool:
    return _one_of(cell, {"blocked": True, "": False}, "`blocked` or nothing")


def _one_of(cell: Tree, meanings: dict[str, bool], allowed: str) -> bool:
    text = cell.strip().lower() if isinstance(cell, str) else "" if cell is None else " "
    if text not in meanings:
        raise Refused(shown(cell), allowed)
    return meanings[text]


def moment_of(cell: Tree, zone: tzinfo) -> int | None:
    """A day means its first moment in the zone."""
    text = text_of(cell)
    if not text:
        return None
    try:
        return midnight(read_day(text), zone) if len(text) == 10 else read_moment(text, zone)
    except ValueError:
        raise Refused(shown(text), _TIME) from None


def column_of(key: str, known: tuple[str, ...]) -> str:
    """One of the known columns in any case, or the name of an attribute as written."""
    name = unicodedata.normalize("NFC", key.strip())
    if name.lower() in known:
        return name.lower()
    near = get_close_matches(name.lower()[:80], known, n=1, cutoff=0.8)
    if near:
        raise Refused(shown(name), f"{choices(known)}, or the name of an attribute", f"Did you mean `{near[0]}`?")
    if not 0 < len(name) <= 64 or not name.isprintable() or "=" in name or holds_address(name):
        raise Refused(shown(name), "a name of 64 characters at most, without `=`")
    return name
