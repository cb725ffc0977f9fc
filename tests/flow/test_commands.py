"""The command line as a stranger uses it: real processes, a real data directory, a running service beside the commands."""

import contextlib
import csv
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from collectors.simulation.parameters import Parameters
from config.load import load
from dashboards.page.server import start
from roles import Service
from sites import Site
from tests.flow.company import KEEP, PROGRAM, UNTIL, make_company
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("EARSHOT_")}
ENVIRONMENT["PYTHONPATH"] = str(ROOT)  # they run in folders of their own


def earshot(folder: Path, *arguments: str, status: int = 0, given: bytes = b"") -> str:
    """Run a command in a folder; its standard output. Its error output must never be a traceback."""
    command = [*PROGRAM, *arguments]
    ended = subprocess.run(
        command, cwd=folder, input=given, capture_output=True, timeout=300, env=ENVIRONMENT, check=False
    )
    errors = ended.stderr.decode()
    assert "Traceback" not in errors, errors
    assert ended.returncode == status, f"{ended.returncode}: {errors}"
    return ended.stdout.decode() if status == 0 else ended.stdout.decode() + errors


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    page = {"port": str(free_port())}
    make_company(folder, Parameters(60, 20, 31, UNTIL), retention=KEEP, page=page)
    return folder


def get(folder: Path, path: str) -> tuple[int, str]:
    port = json.loads((folder / "port").read_text())
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


@contextlib.contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The service, ready; ended with SIGTERM, which it must obey cleanly."""
    port = free_port()
    (folder / "port").write_text(str(port))
    environment = {**ENVIRONMENT, "EARSHOT_PAGE__PORT": str(port)}
    log = (folder / "run.log").open("wb")
    process = subprocess.Popen([*PROGRAM, "run"], cwd=folder, stderr=log, env=environment)
    try:
        for _ in range(1800):
            if get(folder, "/-/ready")[0] == 200:
                break
            assert process.poll() is None, (folder / "run.log").read_text()
            time.sleep(0.1)
        else:
            raise AssertionError((folder / "run.log").read_text())
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=180)
        log.close()
    assert status == 0
    assert "stopped cleanly" in (folder / "run.log").read_text()


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[int]:
    """One that runs while several tests ask it; its process id."""
    with running(folder) as process:
        yield process.pid


def test_while_the_streams_are_read_it_is_healthy_and_says_why_it_is_not_ready(folder: Path) -> None:
    settings = load(folder / "earshot.yaml", ENVIRONMENT).settings
    assert settings is not None
    with Service(Site(settings)) as service:
        server = start(service.front.app(), "127.0.0.1", 0)
        (folder / "port").write_text(str(server.port))
        service.turn()
        assert get(folder, "/-/healthy") == (200, "healthy\n")
        status, why = get(folder, "/-/ready")
        assert (status, why) == (503, "the streams are being read\n")
        assert "No readings yet" in get(folder, "/")[1]
        assert "earshot_indicator_ratio" not in get(folder, "/metrics")[1]
        server.close()


def test_once_reads_what_is_there_publishes_and_ends(folder: Path) -> None:
    assert "Of " in earshot(folder, "run", "--once")
    lines = [json.loads(line) for line in earshot(folder, "readings", "--json").splitlines()]
    assert {"target", "indicator", "value", "lower", "upper", "verdict", "reason", "parts", "as_of"} <= set(lines[0])


def test_after_a_restart_what_was_published_last_is_served_at_once(folder: Path) -> None:
    settings = load(folder / "earshot.yaml", ENVIRONMENT).settings
    assert settings is not None
    with Service(Site(settings)) as service:
        server = start(service.front.app(), "127.0.0.1", 0)
        (folder / "port").write_text(str(server.port))
        assert "earshot_indicator_ratio{" in get(folder, "/metrics")[1]
        assert get(folder, "/-/ready")[0] == 503
        server.close()


def test_the_running_service_is_ready_healthy_and_scraped(folder: Path, service: int) -> None:
    del service
    assert get(folder, "/-/healthy") == (200, "healthy\n")
    status, text = get(folder, "/metrics")
    assert status == 200
    assert 'earshot_indicator_verdict{channel="all",indicator="reach"' in text
    assert "Did our messages get through" in get(folder, "/")[1]
    assert get(folder, "/secret")[0] == 404


def test_a_second_writer_is_refused_and_readers_are_not(folder: Path, service: int) -> None:
    assert f"process {service} already writes" in earshot(folder, "run", "--once", status=1)
    assert "Readings as of" in earshot(folder, "readings")
    assert "without a description" in earshot(folder, "unmatched")


def test_a_target_is_tried_beside_the_running_service(folder: Path, service: int) -> None:
    del service
    printed = earshot(folder, "rehearse", "reach", "value=0.99")
    assert "reach: value 0.8 becomes 0.99" in printed
    assert "as it is: reach, at least 80.0 %" in printed
    assert "alarms as tried:" in printed
    found = json.loads(earshot(folder, "rehearse", "fresh", "indicator=read", "value=0.4", "--json"))
    assert (found["target"], found["change"], found["as_it_is"]) == ("fresh", "new", None)
    assert found["as_tried"]["judgements"] > 0


def test_another_configuration_is_tried_target_by_target(folder: Path, service: int) -> None:
    del service
    text = (folder / "earshot.yaml").read_text(encoding="utf-8")
    written = yaml.load(text, yaml.BaseLoader)  # every scalar as it is written
    written["targets"] = [{"name": "reach", "indicator": "reach", "value": "0.85"}, *written["targets"][3:5]]
    (folder / "new.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    (line,) = earshot(folder, "rehearse", "--file", "new.yaml", "--json").splitlines()
    assert json.loads(line)["change"] == "value 0.8 becomes 0.85"
    assert "either --file or KEY=VALUE" in earshot(
        folder, "rehearse", "reach", "value=0.9", "--file", "new.yaml", status=1
    )
    assert "no target is called fresh" in earshot(folder, "rehearse", "fresh", "--file", "new.yaml", status=1)


def test_new_events_of_a_running_service_are_counted_at_once(folder: Path, service: int) -> None:
    del service
    counted = 'earshot_events_total{outcome="recorded",source="chat"}'
    before = value_of(get(folder, "/metrics")[1], counted)
    event = {
        "specversion": "1.0",
        "id": "new",
        "source": "/x",
        "type": "earshot.opened",
        "subject": "nobody-knows",
        "time": "2026-11-18T09:00:00Z",
        "data": {"address": "p00003@example.org"},
    }
    stream = folder / "company" / "streams" / "chat" / "today.ndjson"
    stream.write_text(json.dumps(event) + "\n", encoding="utf-8")
    assert wait_until(lambda: value_of(get(folder, "/metrics")[1], counted) > before), "the event was not read"


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether it comes true within three minutes."""
    for _ in range(1800):
        if holds():
            return True
        time.sleep(0.1)
    return False


def value_of(text: str, series: str) -> float:
    return next((float(line.split()[-1]) for line in text.splitlines() if line.startswith(series)), 0.0)


def test_a_source_of_rubbish_is_paused_until_it_is_resumed(folder: Path, service: int) -> None:
    del service
    rubbish = folder / "company" / "streams" / "survey" / "rubbish.ndjson"
    rubbish.write_bytes(b"this is no event\n" * 150)
    assert wait_until(lambda: get(folder, "/-/ready") == (503, "paused: survey\n"))
    assert get(folder, "/-/healthy")[0] == 200, "paused is not sick"
    assert "survey goes on" in earshot(folder, "resume", "survey")
    assert wait_until(lambda: get(folder, "/-/ready")[0] == 200)
    letters = 'earshot_dead_letters_total{reason="bad_json",source="survey"}'
    assert wait_until(lambda: value_of(get(folder, "/metrics")[1], letters) == 150), "the rest is read as well"
    assert "0 are understood now" in earshot(folder, "replay", "survey")


def test_resuming_what_is_no_source_says_which_there_are(folder: Path, service: int) -> None:
    del service
    assert "no source is called post: they are chat, mail" in earshot(folder, "resume", "post", status=1)


def test_a_person_is_forgotten_while_the_service_runs(folder: Path, service: int) -> None:
    del service
    with (folder / "company" / "directory" / "people.csv").open(encoding="utf-8") as file:
        address = next(row["address"] for row in csv.DictReader(file) if row["address"] and row["ids"])
    answer = earshot(folder, "forget", f" {address.upper()} ")
    assert "Erased:" in answer
    assert "Their return is barred." in answer
    # The directory's file, in which the person still stands, brings nobody back.
    earshot(folder, "forget", "nobody@example.org")
    assert "Nothing was known of this person" in earshot(folder, "forget", address)


def test_check_names_every_error_of_a_configuration(folder: Path) -> None:
    bad = folder / "bad.yaml"
    bad.write_text(
        (folder / "earshot.yaml").read_text(encoding="utf-8").replace("indicator: reach\n", "indicator: raech\n"),
        encoding="utf-8",
    )
    printed = earshot(folder, "check", "--config", "bad.yaml", status=1)
    assert "targets[2].indicator" in printed
    assert "Did you mean `reach`?" in printed
    assert "no problems found" in earshot(folder, "check")


def test_check_says_what_means_and_times_find_by_what_was_published_last(folder: Path, service: int) -> None:
    del service
    printed = earshot(folder, "check")
    (usefulness,) = (line for line in printed.splitlines() if line.startswith("  usefulness: "))
    assert "found four times of five, judged by count, by the range of its last reading: " in usefulness
    assert "by part" not in usefulness, "its class is judged, and not its messages one by one"


def test_the_statement_on_privacy_is_made_beside_the_running_service(folder: Path, service: int) -> None:
    del service
    printed = earshot(folder, "privacy")
    assert printed.startswith("# What Earshot keeps about the people of the sample company\n")
    assert "Published last: " in printed
    assert earshot(folder, "privacy", "--html", "privacy.html") == ""
    assert "<h2>Who can see what</h2>" in (folder / "privacy.html").read_text(encoding="utf-8")


def test_decode_prints_an_event_a_line_and_dead_letters_aside(folder: Path) -> None:
    good = b'{"specversion":"1.0","id":"1","source":"/a","type":"earshot.read","subject":"m","data":{"address":"a@example.org"}}\n'
    event = json.loads(earshot(folder, "decode", "--source", "cloudevents", given=good))
    assert (event["action"], event["message"], event["channel"], event["occurred_at"]) == ("read", "m", None, None)
    assert len(event["person"]) == 64
    printed = earshot(folder, "decode", "--source", "cloudevents", given=good + b"rubbish\n", status=3)
    assert "line 2" in printed
    assert "a@example.org" not in printed


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        pytest.param(["readings", "--config", "none.yaml"], 1, "none.yaml", id="a configuration that is not there"),
        pytest.param(
            ["decode", "--source", "pigeon"], 1, "no decoder or source is called pigeon", id="no such decoder"
        ),
        pytest.param(["run", "--as-of", "yesterday"], 2, "is no time", id="a time that is none"),
        pytest.param(["run", "--as-of", "2026-11-02T08:15:00"], 2, "has no zone", id="a time without a zone"),
        pytest.param(["forget", "   "], 1, "blank", id="nobody to forget"),
        pytest.param(["simulate", "--people", "3", "--directory", "x"], 1, "people", id="too small a company"),
        pytest.param(
            ["simulate", "--directory", "company/streams"], 1, "holds no simulation", id="a folder that is in use"
        ),
        pytest.param(["rehearse", "raech", "value=0.9"], 1, "Did you mean `reach`", id="no such target"),
        pytest.param(["rehearse", "reach", "value=90"], 1, "Ratios are written from 0 to 1", id="no such value"),
        pytest.param(["rehearse", "reach", "0.9"], 1, "allowed: KEY=VALUE", id="no change"),
        pytest.param(["fly"], 2, "invalid choice", id="no such command"),
    ],
)
def test_what_a_user_can_mend_is_said_in_a_sentence(folder: Path, arguments: list[str], status: int, text: str) -> None:
    assert text in earshot(folder, *arguments, status=status)


def test_readings_before_anything_ran_say_what_to_do(tmp_path: Path) -> None:
    make_company(tmp_path, Parameters(20, 5, 1, UNTIL), retention=KEEP)
    assert "./earshot run makes it" in earshot(tmp_path, "readings", status=1)
    assert "./earshot run makes it" in earshot(tmp_path, "rehearse", status=1)


def test_a_wrong_key_refuses_to_start(tmp_path: Path) -> None:
    make_company(tmp_path, Parameters(20, 5, 1, UNTIL), retention=KEEP)
    earshot(tmp_path, "import")
    (tmp_path / "data" / "earshot.key").write_bytes(os.urandom(32))
    assert "not the one this database was begun with" in earshot(tmp_path, "import", status=1)


def test_of_a_list_of_recipients_the_holdout_is_printed(tmp_path: Path) -> None:
    folder = tmp_path
    make_company(folder, Parameters(60, 20, 31, UNTIL), retention=KEEP)
    catalogue = yaml.safe_load((folder / "company" / "catalogue" / "messages.yaml").read_text(encoding="utf-8"))
    message = next(entry["id"] for entry in catalogue if "holdout" in entry)
    with (folder / "company" / "directory" / "people.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["address"]]
    earshot(folder, "import")
    recipients = "".join(f"{row['address']}\n" for row in rows) + "stranger@example.org\n\n"
    printed = earshot(folder, "holdout", message, given=recipients.encode()).split()
    assert printed
    assert set(printed) <= {row["address"] for row in rows if row["wave"] == "later"}
    plain = next(entry["id"] for entry in catalogue if "holdout" not in entry)
    assert "needs a holdout" in earshot(folder, "holdout", plain, status=1)
    assert "called that" in earshot(folder, "holdout", "nothing", status=1)
