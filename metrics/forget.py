"""Forgetting a person: all their pseudonyms found, every trace erased, their return barred. What erasing does to the tables is
left to `metrics.ledger.erasure`, asking for it to `errands`."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from metrics.audiences import leave_out
from metrics.ledger.database import Connection, Engine
from metrics.ledger.directory_store import PSEUDONYM_BYTES, read_directory
from metrics.ledger.erasure import ErasedCounts, Recogniser, erase, finish_erasure

# What may be an identifier inside a record that nobody understood: addresses wherever they stand, and every other word.
_WORDS = re.compile(rb"[^\s\"'<>(){}\[\],;:|=&?]+")


@dataclass(frozen=True)
class Eraser:
    """`pseudonym`: identifier to pseudonym (ValueError where nobody can be meant); `tombstone`: the mark under the second key;
    `unseal`: opens a dead letter."""

    engine: Engine
    pseudonym: Callable[[str], str]
    tombstone: Callable[[str], bytes]
    unseal: Callable[[bytes], bytes]

    def forget(self, pseudonym: str) -> str:
        """Erase the person with this pseudonym, by whatever other identifiers too; a sentence on what went."""
        with self.engine.begin() as connection:
            everyone = find_aliases(connection, pseudonym)
            recogniser = Recogniser(
                unseal=self.unseal,
                holds=lambda body: self._holds(body, everyone),
                leave_out=lambda body, numbers, _: leave_out(body, numbers),
            )
            counts = erase(connection, everyone, tombstone=self.tombstone, recogniser=recogniser)
        finished = finish_erasure(self.engine)
        return describe(counts) + ("" if finished else " The file is rewritten when its readers have gone.")

    def _holds(self, body: bytes, pseudonyms: Collection[str]) -> bool:
        words = {word.decode(errors="replace") for word in _WORDS.findall(body)}
        return any(self._is_one(word, pseudonyms) for word in words | {word.strip(".") for word in words})

    def _is_one(self, word: str, pseudonyms: Collection[str]) -> bool:
        try:
            return word in pseudonyms or self.pseudonym(word) in pseudonyms
        except ValueError:
            return False


def find_aliases(connection: Connection, pseudonym: str) -> set[str]:
    """All pseudonyms of the person who has this one, by the rows of the directory that name them."""
    known, before = {pseudonym}, 0
    rows = [_pseudonyms(row.pseudonyms) | {row.main.hex()} for row in read_directory(connection).values()]
    while len(known) > before:
        before = len(known)
        known |= {each for row in rows if row & known for each in row}
    return known


def _pseudonyms(joined: bytes) -> set[str]:
    return {joined[at : at + PSEUDONYM_BYTES].hex() for at in range(0, len(joined), PSEUDONYM_BYTES)}


def describe(counts: ErasedCounts) -> str:
    """What went, in a sentence; nothing that tells who."""
    if not (counts.people or counts.directory_rows or counts.letters or counts.entries):
        return "Nothing was known of this person; their return is barred."
    return (
        f"Erased: {counts.facts:,} facts, {counts.rows:,} answers and reactions, {counts.directory_rows:,} directory rows, "
        f"{counts.letters:,} dead letters, {counts.audiences:,} audiences and {counts.entries:,} catalogue entries changed."
        " Their return is barred."
    )
