"""Segments of one attribute that are made of segments of another: departments of a division, sites of a country. A figure of the one is the
sum of figures of the other, but for the few people who stand elsewhere."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from metrics.rosters import Coded

NO_VALUE = "\0"
_MISFITS = 2  # so many people of a segment who stand elsewhere do not hide what the others come to


class Side(NamedTuple):
    """`values` of an attribute; NO_VALUE for those who have none."""

    attribute: str
    values: frozenset[str]


class Block(NamedTuple):
    """The same people by two attributes, but for so many `misfits`."""

    one: Side
    other: Side
    misfits: int

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset((self.one.attribute, self.other.attribute))


def find_blocks(attributes: Mapping[str, Coded]) -> tuple[Block, ...]:
    """`attributes`: of the same people. Two that have nothing to do with each other come to one block, which says nothing."""
    found: list[Block] = []
    for one, other in combinations(sorted(attributes), 2):
        blocks = list(_blocks(one, attributes[one], other, attributes[other]))
        found += blocks if len(blocks) > 1 else []
    return tuple(found)


def tied_by(blocks: Iterable[Block], attributes: Iterable[str]) -> list[tuple[str, ...]]:
    """Attributes, those together whose segments are made of each other's, directly or by way of a third."""
    together = {attribute: {attribute} for attribute in attributes}
    for block in blocks:
        joined = set().union(*(together[attribute] for attribute in block.attributes))
        together |= dict.fromkeys(joined, joined)
    return sorted({tuple(sorted(each)) for each in together.values()})


def _blocks(name: str, one: Coded, other_name: str, other: Coded) -> Iterable[Block]:
    sizes = len(one.values) + 1, len(other.values) + 1
    rows, columns, people = _cross(one, other)
    row_sums, column_sums = np.bincount(rows, people, sizes[0]), np.bincount(columns, people, sizes[1])
    misfits = (people <= _MISFITS) & (people < np.minimum(row_sums[rows], column_sums[columns]) / 2)
    ends = rows[~misfits], columns[~misfits] + sizes[0]
    graph = csr_array((np.ones(len(ends[0])), ends), shape=(sum(sizes), sum(sizes)))
    _, label = connected_components(graph, directed=False)
    of_rows, of_columns = label[: sizes[0]], label[sizes[0] :]
    for block in np.unique(of_rows[rows]).tolist():
        strays = people[(of_rows[rows] == block) ^ (of_columns[columns] == block)].sum()
        yield Block(_side(name, one, of_rows == block), _side(other_name, other, of_columns == block), int(strays))


def _cross(one: Coded, other: Coded) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The values (by their places) that somebody has both of, and how many people have; no value is the last one."""
    rows = np.where(one.codes < 0, len(one.values), one.codes).astype(np.int64)
    columns = np.where(other.codes < 0, len(other.values), other.codes).astype(np.int64)
    width = len(other.values) + 1
    pairs, people = np.unique(rows * width + columns, return_counts=True)
    return pairs // width, pairs % width, people.astype(np.int64)


def _side(name: str, coded: Coded, inside: NDArray[np.bool_]) -> Side:
    values = (*coded.values, NO_VALUE)
    return Side(name, frozenset(values[place] for place in np.flatnonzero(inside).tolist()))


def values_of(attribute: str, named: Iterable[str], blocks: Iterable[Block]) -> list[str]:
    """All of an attribute that are `named`, or that blocks tell of."""
    sides = (side.values for block in blocks for side in block[:2] if side.attribute == attribute)
    return sorted(set(named).union(*sides) - {NO_VALUE})
