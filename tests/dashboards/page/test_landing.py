"""The landing page, read as a browser reads it: parsed, then looked at."""

import re
from html.parser import HTMLParser

import msgspec
import pytest

from dashboards.page.landing import landing_page
from dashboards.page.state import SourceState
from metrics import spelling, wording
from metrics.snapshot import Snapshot, TargetInfo
from metrics.standings import standings
from metrics.wording import MEANINGS
from tests.dashboards.page.states import state
from tests.metrics.made_up import READINGS, SNAPSHOT, TARGETS, reading, target

VOID = {"meta", "rect", "circle", "line", "path"}


class Reader(HTMLParser):
    """Collects text and start tags, and whether every tag is closed by its own end."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())


def read(snapshot: Snapshot | None = SNAPSHOT, *, refreshing: bool = True, **changed: object) -> Reader:
    return Reader(landing_page(snapshot, state(**changed), refreshing=refreshing))


def test_every_tag_is_closed() -> None:
    assert read().open == []


@pytest.mark.parametrize("one", TARGETS, ids=lambda one: one.target)
def test_a_target_shows_title_owner_verdict_what_it_should_be_and_why(one: TargetInfo) -> None:
    text = read().text
    stands = next(standing for standing in standings(SNAPSHOT) if standing.target is one)
    assert stands.target.title in text
    assert f"Owner: {stands.target.target_owner or 'nobody yet'}" in text
    row = text[text.index(stands.target.title) :]
    assert row.index(stands.word) < row.index(spelling.target_text(stands.target))
    assert stands.whole is not None
    assert wording.why(stands.whole, stands.target) in row


def test_a_lead_reads_in_one_sentence_how_targets_stand() -> None:
    sentence = "Of 9 targets 2 are missed, 2 are met and 5 cannot be judged yet. 1 more is watched"
    assert sentence in read().text


def test_the_raw_figure_stands_beside_the_human_one() -> None:
    (opened,) = [reading for reading in SNAPSHOT.readings if reading.target == "opened"]
    assert opened.raw is not None
    text = read().text
    row = text[text.index("Mails are opened") :]
    assert row.index(spelling.value_text(opened, target())) < row.index(
        f"raw {spelling.figure(opened.raw, opened.unit)}"
    )


def test_what_to_do_leads_where_a_target_is_missed() -> None:
    text = read().text
    assert "What to do: Shorten the text; put the one thing to know first." in text
    assert "If missed: Try another subject line; send in working hours." in text


def test_a_source_says_how_late_its_events_come_by_declaration_and_by_measurement() -> None:
    text = read().text
    assert "up to 1 hour declared; measured: 2 minutes" in " ".join(text.split())
    assert "up to 8 hours measured, where 1 hour is declared" in " ".join(text.split())
    assert "declared; too few events to measure it" in text


def test_at_risk_and_falling_stand_beside_the_verdict_as_words() -> None:
    text = read().text
    told = text.index("cannot be told", text.index("By part"))
    assert "at risk, falling" in text[told:]


def test_parts_are_folded_away_under_a_summary_that_counts_them() -> None:
    page = read()
    assert "By part: 3 cannot be told, 1 hidden, 1 met" in page.text
    folded = [attributes for tag, attributes in page.tags if tag == "details"]
    assert folded
    assert all("open" not in attributes for attributes in folded)


def test_every_word_is_explained_and_has_a_shape_of_its_own() -> None:
    page = landing_page(SNAPSHOT, state())
    legend = page[page.index('<dl class="words">') :]
    legend = legend[: legend.index("</dl>")]
    shapes = re.findall(r"<svg[^>]*>(.*?)</svg>", legend)
    assert len(set(shapes)) == len(MEANINGS)
    for word, meaning in MEANINGS.items():
        assert word in legend
        assert meaning in legend


def test_the_state_of_each_source_is_told_with_its_reason() -> None:
    text = read().text
    assert "Paused 112 of its last 1,000 records could not be understood." in text
    assert "./earshot resume intranet" in text
    assert "Failing the folder streams/chat is not there none yet" in text
    assert "Catching up 12,000 waiting" in text
    assert "Dead letters 1,207 records" in text
    assert "Unmatched 14 references" in text


def test_of_a_source_that_workers_read_the_page_tells_their_records_and_no_events() -> None:
    read_elsewhere = SourceState("mail", "email", records=182_331)
    assert "182,331 records, read by workers" in read(sources=(read_elsewhere,)).text
    assert "read by workers" not in read().text


def test_a_paused_source_is_said_above_the_readings() -> None:
    text = read().text
    warning = "Events may be missing from these readings: intranet (paused), chat (failing)."
    assert text.index(warning) < text.index("Of 9 targets")
    assert "Events may be missing" not in read(sources=()).text


def test_the_age_of_the_data_is_told() -> None:
    assert "Readings as of 2026-11-02 09:45 CET, 3 minutes ago." in read().text


@pytest.mark.parametrize(
    ("snapshot", "sentence"),
    [
        pytest.param(None, "No readings yet", id="before the first snapshot"),
        pytest.param(
            msgspec.structs.replace(SNAPSHOT, targets=()), "No target is configured yet", id="without a target"
        ),
        pytest.param(
            msgspec.structs.replace(SNAPSHOT, readings=()),
            "Of 9 targets 0 are missed, 0 are met and 9 cannot be judged yet. 1 more is watched",
            id="without a reading",
        ),
    ],
)
def test_a_page_without_readings_says_so(snapshot: Snapshot | None, sentence: str) -> None:
    assert sentence in read(snapshot).text


def test_a_service_that_is_not_ready_says_why() -> None:
    text = read(None, not_ready="reading history: 40 % of 2.1 GB").text
    assert "Not ready: reading history: 40 % of 2.1 GB" in text


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;"


def test_hostile_titles_names_and_sentences_stay_text() -> None:
    one = target(HOSTILE, HOSTILE, title=HOSTILE, target_owner=HOSTILE, what_to_do=HOSTILE, window=HOSTILE)
    readings = (
        reading(HOSTILE, HOSTILE, verdict="missed"),
        reading(HOSTILE, HOSTILE, segment=HOSTILE, verdict="undetermined", reason="straddles", settle=HOSTILE),
    )
    snapshot = msgspec.structs.replace(SNAPSHOT, targets=(one,), readings=readings, notes=(HOSTILE,))
    page = read(snapshot, organisation=HOSTILE, not_ready=HOSTILE, version=HOSTILE)
    assert page.open == []
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert HOSTILE in "".join(page.words)


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    tags = read().tags
    assert len(tags) > 100
    for tag, attributes in tags:
        assert tag not in {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
        assert not {"style", "src", "srcset"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        href = attributes.get("href")
        assert href is None or re.match(r"[/#]", href)


def test_the_page_loads_itself_again_unless_a_reader_stopped_that() -> None:
    refreshed = [attributes for tag, attributes in read().tags if attributes.get("http-equiv") == "refresh"]
    assert [attributes["content"] for attributes in refreshed] == ["60"]
    assert not [tag for tag, attributes in read(refreshing=False).tags if attributes.get("http-equiv")]


def test_tables_name_their_columns_and_rows_to_screen_readers() -> None:
    page = read()
    rows = [attributes for tag, attributes in page.tags if tag == "th" and attributes.get("scope") == "row"]
    assert len(rows) == len(READINGS) + 4
    assert all(attributes.get("scope") in ("row", "col") for tag, attributes in page.tags if tag == "th")
    assert sum(tag == "caption" for tag, _ in page.tags) == sum(tag == "table" for tag, _ in page.tags)
    assert ("html", {"lang": "en"}) in page.tags


def test_a_message_is_called_by_its_title_where_titles_are_shown() -> None:
    one = reading("reach-all", "reach", message="m-2026-041", period=None)
    snapshot = msgspec.structs.replace(SNAPSHOT, targets=(target(period="message"),), readings=(one,))
    assert "Message: The new travel policy, of its messages the one that settled last" in read(snapshot).text
    assert "each message, window 5 working days" in read(snapshot).text


def test_a_message_that_is_not_among_the_latest_is_called_by_its_id() -> None:
    one = reading("reach-all", "reach", message="m-2025-001", period=None)
    snapshot = msgspec.structs.replace(SNAPSHOT, targets=(target(period="message"),), readings=(one,))
    assert "Message: m-2025-001," in read(snapshot).text
