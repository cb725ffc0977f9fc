"""What an evaluator compares to see whether directory or catalogue changed."""

from metrics.ledger import catalogue_store, directory_store
from tests.metrics.office import Office


def _directory(office: Office) -> object:
    with office.engine.begin() as connection:
        return directory_store.change_mark(connection)


def _catalogue(office: Office) -> object:
    with office.engine.begin() as connection:
        return catalogue_store.change_mark(connection)


def test_the_directorys_mark_changes_with_every_change_and_with_nothing_else(office: Office) -> None:
    marks = [_directory(office)]
    texts = (
        "address\na\nb\n",
        "address\na\nb\nc\n",
        "address\na\nb\n",
        "address,site\na,Lyon\nb,\n",
        "address,site\na,Graz\nb,\n",
    )
    for day, text in enumerate(texts, start=1):
        office.put(f"people-2026-03-{day:02d}.csv", text)
        marks.append(_directory(office))
    assert len(set(marks)) == len(texts) + 1
    office.restart()
    office.run()
    assert _directory(office) == marks[-1]


def test_the_catalogues_mark_changes_with_every_change_and_with_nothing_else(office: Office) -> None:
    marks = [_catalogue(office)]
    texts = ("- id: a\n", "- {id: a, title: x}\n", "- {id: a, title: y}\n", "- id: a\n- id: b\n")
    for text in texts:
        office.publish("messages.yaml", text)
        marks.append(_catalogue(office))
    assert len(set(marks)) == len(texts) + 1
    office.publish("messages.yaml", texts[-1] + "\n")
    office.restart()
    office.run()
    assert _catalogue(office) == marks[-1]
