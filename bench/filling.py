"""A ledger filled through its own writer with all that happened to a crowd, kept for the next run. What happened is `crowd`'s."""

import json
import shutil
from pathlib import Path

from bench.crowd import NOW, Crowd, Happenings, write_company
from collectors.events import Collected
from config.progress import Progress
from metrics.evaluation import Evaluation
from metrics.ledger.door import open_ledger
from metrics.ledger.writer import Writer
from sites import Site

BATCH = 20_000  # events a transaction, as the service takes them
_VERSION = 1


def filled(crowd: Crowd, cache: Path, progress: Progress) -> Path:
    """The folder of a company whose ledger holds everything, folded. Made where it is not there yet."""
    folder = cache / f"{crowd.name}-v{_VERSION}"
    marker = folder / "filled.json"
    if not marker.exists():
        shutil.rmtree(folder, ignore_errors=True)
        facts = _fill(crowd, folder, progress)
        # Last: a filling that was interrupted has no marker, and is made again.
        marker.write_text(json.dumps({"facts": facts}), encoding="utf-8")
    return folder


def facts_in(folder: Path) -> int:
    """How many facts a filled ledger holds."""
    return int(json.loads((folder / "filled.json").read_text(encoding="utf-8"))["facts"])


def _fill(crowd: Crowd, folder: Path, progress: Progress) -> int:
    site = Site(write_company(crowd, folder))
    site.folder.mkdir()
    engine = open_ledger(site.url, site.secrets)
    evaluation = Evaluation(engine, site.settings, site.surroundings())
    evaluation.import_files(NOW)
    writer = Writer(engine, tombstone=site.secrets.tombstone, seal=site.secrets.seal, now=lambda: NOW)
    happenings = Happenings(crowd, site.pseudonym)
    facts = 0
    for message in range(crowd.messages):
        events = happenings.of_message(message)
        for start in range(0, len(events), BATCH):
            writer.record(Collected(events[0].source or "", events[start : start + BATCH]))
        facts += evaluation.fold().new
        progress.report(f"filling {crowd.name}", message + 1, crowd.messages)
    progress.end()
    engine.dispose()
    return facts
