"""Everything that the mode `cells` can tell, over random tokens who do anything at all, held against plain counting."""

import json
import os
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.load import load
from metrics.modes import served
from tests.flow.company import KEEP, ODD_ACTIONS, ODD_DATA, TARGETS, UNTIL, Company, differences, run_road

COMPANIES = max(3, int(os.environ.get("EARSHOT_TEST_EXAMPLES", "0")) // 200)
DAY = 86_400
NOW = UNTIL // 1_000_000
CELLS = [{"department": name, "site": site} for name in ("Sales", "Service", "Stores") for site in ("Lyon", "Oslo")]
QUIZ = {"id": "q1", "options": ["like", "heart", "none"], "correct": "like"}


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def write_company(folder: Path, dice: random.Random) -> Company:
    """Ten messages of forty days, on two channels, some of them with tokens of a cell that nobody counted."""
    sent = [NOW - dice.uniform(0, 40) * DAY for _ in range(10)]
    entries = [_entry(number, at, dice) for number, at in enumerate(sent)]
    (folder / "messages.json").write_text(json.dumps(entries), encoding="utf-8")
    lines = [_event(number, dice, sent) for number in range(2500)]
    (folder / "streams").mkdir()
    (folder / "streams" / "lines").write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    targets = [target for target in TARGETS if served(target["indicator"], "cells", "reach")]
    source = {"decoder": "cloudevents", "from": {"files": "streams"}, "lateness": "1 days"}
    written: dict[str, Any] = {
        **{"mode": "cells", "data": "data", "retention": KEEP, "organisation": {"zone": "Europe/Paris"}},
        **{"sources": [{"name": "post", "channel": "email", **source}], "catalogue": {"files": ["messages.json"]}},
        **{"directory": {"segments": ["department", "site"]}, "targets": targets},
    }
    (folder / "earshot.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    loaded = load(folder / "earshot.yaml", {})
    assert loaded.settings is not None, loaded.problems
    return Company(loaded.settings, UNTIL)


def _entry(number: int, sent: float, dice: random.Random) -> dict[str, Any]:
    counted = [
        {"at": moment(sent), "cell": cell, "audience": dice.randint(5, 40)}
        for cell in dice.sample(CELLS, dice.randint(4, 6))
    ]
    return {
        **{"id": f"m{number}", "channel": "email", "sent_at": moment(sent), "due_at": moment(sent + 3 * DAY)},
        **{"totals": counted, "links": dice.choice([1, 5]), "words": dice.choice([100, 400])},
        **{"expects": ["acknowledge", "answer"], "questions": [QUIZ], "topic": dice.choice(["goals", "safety"])},
        **{"purpose": dice.choice(["inform", "engage"]), "setting": "formal", "owner": dice.choice(["one", "two"])},
        **{"lix": dice.randint(20, 60), "campaign": dice.choice(["c", "d"])},
    }


def _event(number: int, dice: random.Random, sent: list[float]) -> dict[str, Any]:
    """Deliveries mostly, so that there is somebody to do the rest."""
    message = dice.randrange(len(sent))
    action = "delivered" if dice.random() < 0.3 else dice.choice(ODD_ACTIONS)
    token = dice.randrange(60)
    data: dict[str, Any] = {
        **{"address": f"token {token}", "machine": dice.choice(["unknown", "unknown", "yes", "likely", "no"])},
        **{name: dice.choice(values) for name, values in ODD_DATA.items() if dice.random() < 0.3},
    }
    if dice.random() < 0.9:
        data["cell"] = CELLS[token % 6] if dice.random() < 0.98 else dice.choice(CELLS)
    at = dice.uniform(sent[message] - 3600, min(sent[message] + 8 * DAY, NOW - 60))
    event = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/t",
        "type": f"earshot.{action}",
        "subject": f"m{message}",
    }
    return {**event, "data": data, **({"time": moment(at)} if dice.random() < 0.9 else {"receivedtime": moment(at)})}


@pytest.mark.parametrize("seed", range(31, 31 + COMPANIES))
def test_every_reading_of_tokens_is_that_of_the_oracle(tmp_path: Path, seed: int) -> None:
    company = write_company(tmp_path, random.Random(seed))
    with company.service() as service:
        run_road(service)
        assert differences(company, service, UNTIL) == []
        told = {one.indicator for _, one in service.evaluation.answer(UNTIL).readings if one.people > 0}
    assert {"reach", "opened", "read", "time_to_reach", "comprehension", "segment_gap", "attention"} <= told
