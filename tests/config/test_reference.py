"""`config/reference.yaml` is the models and nothing else: every key, in their order, with their defaults."""

from pathlib import Path
from typing import Any

import pytest

from config.describe import is_list, keys_of, kind_at, part_at
from config.load import load
from config.part import Part
from config.schema import Sample, Settings, SourceSettings, Target
from config.tree import Location, read_tree, value_at

FILE = Path(__file__).parents[2] / "config" / "reference.yaml"
TREE = read_tree(FILE.read_text(encoding="utf-8")).tree


def parts_below(part: type[Part], location: Location = ()) -> list[tuple[Location, type[Part]]]:
    """Every part of the file and where it stands; of lists the first entry."""
    found = [(location, part)]
    for key in keys_of(part):
        inner: Location = (*location, key)
        kind = kind_at(Settings, inner)
        assert kind is not None
        inner = (*inner, 0) if is_list(kind) else inner
        below = part_at(Settings, inner)
        if below is not None:
            found += parts_below(below, inner)
    return found


PARTS = parts_below(Settings)


@pytest.mark.parametrize(("location", "part"), PARTS, ids=[part.__name__ for _, part in PARTS])
def test_every_key_of_the_models_is_there_in_their_order_and_no_other(location: Location, part: type[Part]) -> None:
    tree = value_at(TREE, location)
    assert isinstance(tree, dict)
    assert list(tree) == list(keys_of(part))


def test_without_its_examples_it_means_the_defaults() -> None:
    settings = load(FILE, {}).settings
    assert settings is not None
    examples: dict[str, Any] = {"sources": settings.sources, "targets": settings.targets, "sample": settings.sample}
    assert settings == Settings(data=FILE.parent / "var/data").model_copy(update=examples)


@pytest.mark.parametrize(
    ("location", "part"),
    [(("sources", 0), SourceSettings), (("targets", 0), Target), (("sample",), Sample)],
    ids=["source", "target", "sample"],
)
def test_an_example_says_what_has_to_be_there_and_else_the_defaults(location: Location, part: type[Part]) -> None:
    whole = value_at(TREE, location)
    assert isinstance(whole, dict)
    required = {key: whole[key] for key, field in keys_of(part).items() if field.is_required()}
    assert part.model_validate(whole) == part.model_validate(required)


@pytest.mark.parametrize(("location", "part"), PARTS, ids=[part.__name__ for _, part in PARTS])
def test_every_key_of_the_models_says_what_it_means(location: Location, part: type[Part]) -> None:
    assert location == () or part.__doc__
    assert [key for key, field in keys_of(part).items() if not field.description] == []
