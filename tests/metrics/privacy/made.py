"""Statements from configurations in a few lines."""

from pathlib import Path
from typing import Any

from collectors.build import make_decoder
from config.load import load
from config.schema import Settings
from metrics.document import to_markdown
from metrics.ledger.audit import Entry
from metrics.privacy.given import Given
from metrics.privacy.standing import Standing
from metrics.privacy.statement import statement

ROOT = Path(__file__).parents[3]


def given_by(settings: Settings, **more: Any) -> Given:
    recorded = {source.name: make_decoder(source).shows for source in settings.sources}
    return Given(settings, "0123456789abcdef", recorded, **more)


def text_of(settings: Settings, **more: Any) -> str:
    return to_markdown(statement(given_by(settings, **more)))


def settings_of(file: Path) -> Settings:
    loaded = load(file, {})
    assert loaded.settings is not None, loaded.problems
    return loaded.settings


def standing(**changed: Any) -> Standing:
    """Something of everything; say what is different."""
    usual: dict[str, Any] = {
        "published": 1_793_869_200_000_000,
        "configuration": "0123456789abcdef",
        "timed": 12,
        "untimed": 30,
        "oldest_timed": 1_793_000_000_000_000,
        "oldest": 1_790_000_000_000_000,
        "undescribed": 3,
        "rows": {
            **{"people": 1200, "directory rows": 600, "answers": 90, "reactions": 0, "audiences": 30},
            "erased": 2,
        },
        "items": 17,
        "letters": 40,
        "oldest_letter": 1_793_500_000_000_000,
        "seen": {"email": frozenset({"delivered", "opened", "complained"})},
        "thresholds": [Entry(1_790_000_000_000_000, "disclosure.k", "10", "fedcba9876543210", True)],
    }
    return Standing(**(usual | changed))
