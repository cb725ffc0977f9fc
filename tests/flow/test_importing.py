"""`./earshot import` says what it changed; and where nothing did, that."""

import json
from pathlib import Path

import pytest
import yaml

import service

PEOPLE = "address,department\nanna@example.org,Sales\nberta@example.org,Sales\n"


def test_an_import_says_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people, messages, mail = (tmp_path / name for name in ("people.csv", "messages.json", "mail"))
    written = {
        "data": "data",
        "sources": [{"name": "mail", "decoder": "cloudevents", "from": {"files": "mail"}, "channel": "email"}],
        "directory": {"files": [people.name]},
        "catalogue": {"files": [messages.name]},
    }
    mail.mkdir()
    file = tmp_path / "earshot.yaml"
    file.write_text(yaml.safe_dump(written), encoding="utf-8")

    def said() -> str:
        assert service.main(["--config", str(file), "import"]) == 0
        return capsys.readouterr().out.splitlines()[-1]

    people.write_text(PEOPLE, encoding="utf-8")
    messages.write_text(json.dumps([{"id": "m", "channel": "email"}]), encoding="utf-8")
    assert said() == "Imported: the directory and the catalogue changed. 2 people, 1 messages."
    assert said() == "Nothing new. 2 people, 1 messages."
    messages.write_text(json.dumps([{"id": "m", "channel": "chat"}]), encoding="utf-8")
    assert said() == "Imported: the catalogue changed. 2 people, 1 messages."
    people.write_text(f"{PEOPLE}carl@example.org,Sales\n", encoding="utf-8")
    assert said() == "Imported: the directory changed. 3 people, 1 messages."
    people.touch()
    assert said() == "Nothing new. 3 people, 1 messages."
