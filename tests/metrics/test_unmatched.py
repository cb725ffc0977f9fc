"""References that nobody described, with drafts to complete."""

import yaml

from metrics.entries import read_entry
from metrics.ledger.sets import ReferenceSize
from metrics.messages import Catalogue, read_catalogue
from metrics.unmatched import find_unmatched
from tests.metrics.office import PARIS
from tests.metrics.test_messages import of_file


def sizes(*found: tuple[str, str, int]) -> list[ReferenceSize]:
    return [ReferenceSize(reference, channel, facts, collapsed=False) for reference, channel, facts in found]


def catalogue() -> Catalogue:
    return read_catalogue([of_file(id="m-1", ids=["https://intranet.example.org/a"])], str)


def test_what_nobody_described_is_listed_largest_first() -> None:
    found = find_unmatched(
        sizes(
            ("small", "email", 3),
            ("m-1", "email", 90),
            ("https://intranet.example.org/a", "intranet", 90),
            ("large", "email", 4),
            ("large", "intranet", 5),
            ("also small", "chat", 3),
            ("", "survey", 90),
        ),
        catalogue(),
    )
    assert [(each.reference, each.facts, each.channels) for each in found] == [
        ("large", 9, ("intranet", "email")),
        ("also small", 3, ("chat",)),
        ("small", 3, ("email",)),
    ]


def test_a_draft_is_an_entry_that_can_be_read_as_it_stands() -> None:
    reference = 'https://intranet.example.org/a "b": #c'
    (found,) = find_unmatched(sizes((reference, "intranet", 1)), catalogue())
    (draft,) = yaml.safe_load(found.draft)
    entry = read_entry(draft, PARIS)
    assert (entry.id, entry.channel) == (reference, "intranet")


def test_a_message_id_stands_in_its_draft_as_it_was_sent() -> None:
    (found,) = find_unmatched(sizes(("20261102.7f3c@mail.example.org", "email", 1)), catalogue())
    assert '"20261102.7f3c@mail.example.org"' in found.draft


def test_an_address_in_the_url_of_a_draft_is_masked() -> None:
    (found,) = find_unmatched(sizes(("https://example.org/people/anna@example.org", "intranet", 1)), catalogue())
    assert "anna" not in found.draft
    assert "(an address)" in found.draft


def test_what_a_message_wants_done_needs_no_description() -> None:
    page = "https://intranet.example.org/act"
    wanting = read_catalogue([of_file(id="m-1", action=f"{page}?from=mail")], lambda text: text.partition("?")[0])
    assert find_unmatched(sizes((page, "intranet", 9)), wanting) == []
    assert wanting.units_about(page) == {"m-1"}
