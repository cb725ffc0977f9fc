"""Public holidays by country, from a kept library: which countries and parts of them there are, and their days. Which days are
working days is left to the clocks of `metrics` and to `config.wall`."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays, list_supported_countries
from holidays.registry import COUNTRIES

# What can be known of a configuration without asking what year it is.
_YEARS = range(2000, 2051)


@lru_cache(maxsize=1)
def list_countries() -> Mapping[str, tuple[str, ...]]:
    """The codes of all countries known (ISO 3166, two letters), each with the codes of its parts."""
    return {code: tuple(parts) for code, parts in list_supported_countries(include_aliases=False).items()}


@lru_cache(maxsize=1)
def other_names() -> Mapping[str, str]:
    """What else people call a country (`Germany`, `DEU`), to its code."""
    return {name: code for _, (names, code, *others) in COUNTRIES.items() for name in (names, *others)}


@lru_cache(maxsize=256)
def public_holidays(place: str, year: int) -> frozenset[date]:
    """The public holidays of a year, those moved to another day included. `place`: `FR`, or with a part `DE-BY`."""
    country, _, part = place.partition("-")
    return frozenset(country_holidays(country, subdiv=part or None, years=year))


def all_public_holidays(place: str) -> frozenset[date]:
    """Those of half a century: for what must hold in any year."""
    return frozenset().union(*(public_holidays(place, year) for year in _YEARS))
