"""A configuration, how it is found, and where it lives: its folder, database and keys, and what the rooms have to be told of each
other. What runs there is left to `roles.py` (docs/decisions/0006-files-that-join.md)."""

import argparse
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

from collectors import build
from collectors import check as collectors_check
from collectors.identity import Pseudonymiser, hash_entry, key_check, read_key
from collectors.references import message_reference
from config.load import Loaded, find_file, load
from config.problem import format_problems, summarise
from config.schema import Settings, SourceSettings
from config.store import check_store_file, read_store_file
from config.tried import Tried
from metrics import check
from metrics.clock import Clocks
from metrics.draw import Draw, drawer
from metrics.evaluation import Surroundings
from metrics.imports.door import Door
from metrics.indicators import lasting, own_windows
from metrics.ledger.door import Secrets, WrongKey, make_secrets, sqlite_url
from metrics.ledger.without_people import entry_without_people
from metrics.outside import Outside
from metrics.privacy.given import Given
from metrics.privacy.standing import read_standing
from metrics.sight import Sight

SAMPLE = Path(__file__).resolve().parent / "config" / "sample.yaml"


class Refused(Exception):
    """What the user can mend, in a sentence."""


@dataclass(frozen=True)
class Site:
    """A configuration and where it lives. `as_of`: a recorded past is looked at, in a folder of its own."""

    settings: Settings
    as_of: int | None = None

    @cached_property
    def folder(self) -> Path:
        if self.as_of is None:
            return self.settings.data
        moment = datetime.fromtimestamp(self.as_of / 1_000_000, UTC)
        return self.settings.data / "as-of" / f"{moment:%Y-%m-%dT%H%M%S.%fZ}"

    @cached_property
    def url(self) -> str:
        if self.settings.store_file is not None:
            return read_store_file(self.settings.store_file)
        return self.settings.store or sqlite_url(self.folder)

    @property
    def read_from_kafka(self) -> tuple[SourceSettings, ...]:
        return tuple(source for source in self.settings.sources if source.origin.from_kafka)

    def has_ledger(self) -> bool:
        """Whether there is a database; of one on a server nobody knows before asking it."""
        return self.url != sqlite_url(self.folder) or (self.folder / "earshot.db").exists()

    @property
    def key_file(self) -> Path:
        return self.settings.key_file or self.settings.data / "earshot.key"

    @cached_property
    def key(self) -> bytes:
        """The key of the pseudonyms; made where none is configured and none is there."""
        return _key(self.key_file, create=self.settings.key_file is None)

    @property
    def erasure_key_file(self) -> Path:
        return self.settings.erasure_key_file or self.settings.data / "erasure.key"

    @cached_property
    def erasure_key(self) -> bytes:
        """The key of the marks that erased people leave; made likewise."""
        return _key(self.erasure_key_file, create=self.settings.erasure_key_file is None)

    @cached_property
    def secrets(self) -> Secrets:
        return make_secrets(self.key, self.erasure_key, key_check(self.key))

    @cached_property
    def pseudonym(self) -> Pseudonymiser:
        return Pseudonymiser(self.key)

    def pseudonym_or_none(self, identifier: str) -> str | None:
        """None where nobody can be meant by it."""
        try:
            return self.pseudonym(identifier)
        except ValueError:
            return None

    @cached_property
    def draw(self) -> Draw:
        """Who is in a holdout that is a share."""
        return drawer(self.key)

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.settings).encode()).hexdigest()[:16]

    @cached_property
    def canonical(self) -> Callable[[str], str]:
        """From a reference as the catalogue has it to what the sources call it: of a URL's query stays what any of them keeps."""
        kept = frozenset(name for source in self.settings.sources for name in source.options.get("parameters", ()))
        return partial(message_reference, parameters=kept)

    def sight(self) -> Sight:
        """What the configured sources can show, by channel."""
        kinds: dict[str, frozenset[str]] = {}
        for source in self.settings.sources:
            kinds[source.channel] = kinds.get(source.channel, frozenset()) | build.shows(source)
        delivered = frozenset(channel for channel, shown in kinds.items() if "delivered" in shown)
        return Sight(kinds, delivered, self.settings.indicators.words_per_minute)

    def given(self) -> Given:
        """What the statement on privacy is made from: nothing is written, and no key read."""
        return Given(
            self.settings,
            self.digest,
            recorded={source.name: build.make_decoder(source).shows for source in self.settings.sources},
            standing=read_standing(self.url, self.canonical) if self.has_ledger() else None,
            key_is_private=not self.key_file.stat().st_mode & 0o077 if self.key_file.exists() else None,
        )

    def door(self) -> Door:
        hashed = hash_entry if self.settings.mode == "people" else lambda entry, _: entry_without_people(entry)
        return Door(self.settings.organisation.zone, self.pseudonym, self.secrets.tombstone, hashed)

    def outside(self) -> Outside:
        return Outside(
            sight=self.sight(),
            channel_of={source.name: source.channel for source in self.settings.sources},
            lateness=find_lateness(self.settings),
            canonical=self.canonical,
            draw=self.draw,
        )

    def surroundings(self) -> Surroundings:
        return Surroundings(door=self.door(), digest=self.digest, **vars(self.outside()))


def _key(file: Path, *, create: bool) -> bytes:
    try:
        return read_key(file, create=create)
    except ValueError as error:
        raise WrongKey(f"{file}: {error}") from None


def choose_file(asked: argparse.Namespace) -> Path:
    """The configuration asked for, `earshot.yaml` here, or the simulated company."""
    file = find_file(asked.config, os.environ)
    return file if asked.config is not None or file.exists() or "EARSHOT_CONFIG" in os.environ else SAMPLE


def load_checked(file: Path, tried: Tried | None = None, *, with_files: bool = True) -> Loaded:
    """A configuration with what every room finds wrong in it. `with_files`: also in the secrets that it names."""
    loaded = load(file, os.environ, windows=own_windows(), lasting=lasting(), tried=tried)
    if loaded.understood is None:
        return loaded
    return loaded.joined(
        [
            *check_store_file(loaded.understood.store_file if with_files else None),
            *collectors_check.check(loaded.understood.sources),
            *check.check(loaded.understood),
        ]
    )


def load_sound(file: Path, tried: Tried | None = None) -> Settings:
    """A configuration that may run; Refused where anything is wrong with it."""
    loaded = load_checked(file, tried)
    if loaded.settings is None:
        raise Refused(say_refused(loaded, file))
    return loaded.settings


def say_refused(loaded: Loaded, file: Path) -> str:
    return f"{format_problems(loaded.problems)}\n\n{summarise(loaded.problems, str(file))}"


def site_of(asked: argparse.Namespace) -> Site:
    """The site a command is about."""
    return Site(load_sound(choose_file(asked)), getattr(asked, "as_of", None))


def must_exist(site: Site) -> None:
    """Refused where nothing was ever recorded at a site."""
    if not site.has_ledger():
        run = "./earshot run" if site.as_of is None else "./earshot run --once --as-of with the same time"
        raise Refused(f"nothing is in {site.folder} yet: {run} makes it")


def find_lateness(settings: Settings) -> dict[str, int]:
    """By how many seconds a channel's events may come late, as its sources declare."""
    day = Clocks(settings.organisation).working_day_seconds
    lateness: dict[str, int] = {}
    for source in settings.sources:
        lateness[source.channel] = max(lateness.get(source.channel, 0), source.lateness.seconds(day))
    return lateness
