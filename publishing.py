"""Dashboards and rules as files, and Grafana kept in step: the command `dashboards`, and what runs beside the service. What stands in them
is left to the room `dashboards` (docs/decisions/0006-files-that-join.md)."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from config.commands import AWAY, WELL
from config.grafana import Grafana
from dashboards.background import Background
from dashboards.generate import HERE, different, files, write
from dashboards.keeping import Change, Keeper, Wanted
from dashboards.publish import Away, GrafanaFailed, Port
from metrics.cli import find_snapshot
from metrics.snapshot import MessageInfo, Snapshot
from sites import Refused, Site, site_of

# Helm reads nothing that is outside of a chart, so it has copies. The image has no chart.
CHART = HERE.parent / "helm" / "earshot" / "files"


def do_dashboards(asked: argparse.Namespace) -> int:
    if asked.publish:
        return _publish(site_of(asked), dry=asked.dry_run)
    labels = dict(label.partition("=")[::2] for label in asked.label)
    if not all(name.isidentifier() and value for name, value in labels.items()):
        raise Refused("--label: write NAME=VALUE, such as team=web")
    folders = [asked.directory] if asked.directory else [HERE, *filter(Path.exists, [CHART])]
    changed = [folder / path for folder in folders for path in (different if asked.dry_run else write)(folder, labels)]
    for path in changed:
        print(f"{'would be written' if asked.dry_run else 'written'}: {path}")
    number = len(folders) * len(files())
    print(f"{len(changed)} of {number} files {'are' if asked.dry_run else 'were'} new or different.")
    return WELL


def _publish(site: Site, *, dry: bool) -> int:
    grafana = site.settings.grafana
    if not grafana.url or grafana.token_file is None:
        raise Refused("Grafana is not configured: write `url` and `token_file` under `grafana` (docs/grafana.md)")
    snapshot = find_snapshot(site.url) if site.has_ledger() else None
    wanted = _wanted(grafana, () if snapshot is None or not grafana.annotations else snapshot.messages)
    try:
        with closing(_open_port(grafana, grafana.token_file)) as port:
            number = _tell(Keeper(port, dry=dry).keep(wanted))
    except Away as error:
        print(f"earshot: {error}")
        return AWAY
    except GrafanaFailed as error:
        raise Refused(error) from None
    print(f"{number} changes{', none of them made (--dry-run)' if dry else ''}.")
    return WELL


def _tell(changes: Iterable[Change]) -> int:
    """How many there were."""
    number = 0
    for change in changes:
        number += 1
        print(change.what)
        for line in change.difference:
            print(f"    {line}")
    return number


@contextmanager
def in_step(site: Site) -> Iterator[Callable[[Snapshot], object]]:
    """What every published snapshot is to be handed to. Where Grafana is configured, dashboards are put there once and messages marked,
    in a thread of its own; nobody waits for it."""
    grafana = site.settings.grafana
    if not grafana.url or grafana.token_file is None or site.as_of is not None:
        yield lambda _: None
        return
    with Background(partial(_open_port, grafana, grafana.token_file), _wanted(grafana, ())) as background:
        if not grafana.annotations:
            background.offer(())
            yield lambda _: None
        else:
            yield lambda snapshot: background.offer(snapshot.messages)


def _open_port(grafana: Grafana, token_file: Path) -> Port:
    try:
        token = token_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise GrafanaFailed(f"`grafana.token_file`, {token_file}: {error.strerror}.") from None
    return Port(grafana.url, token)


def _wanted(grafana: Grafana, messages: tuple[MessageInfo, ...]) -> Wanted:
    texts = {path: text for path, text in files().items() if path.startswith("grafana/")}
    return Wanted(grafana.folder, grafana.datasource, [json.loads(text) for text in texts.values()], messages)
