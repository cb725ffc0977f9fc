"""What Grafana is told, and what is made of its answers, against a stand-in with the status codes and shapes of the real one."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from dashboards.generate import files
from dashboards.keeping import Change, Keeper, Wanted
from dashboards.publish import Away, Exists, GrafanaFailed, NotThere, Port
from metrics.snapshot import MessageInfo
from tests.dashboards.grafana_server import ADMIN, EDITOR, VIEWER, Grafana
from tests.ports import free_port

DASHBOARDS = [json.loads(text) for path, text in files().items() if path.startswith("grafana/")][:2]
SENT = 1_793_609_100_000_000
LETTER = MessageInfo("m-1", "The new travel policy", "email", "processes", "Internal communication", SENT)
NEWS = MessageInfo("m-2", "", "intranet", "goals", "Executive office", SENT + 3_600_000_000)
# Of who asks: long enough for a stand-in on a machine that does other things too, and not too long for who waits for the tests.
PATIENCE = 3.0
FOR_EVER = 600.0
WANTED = Wanted("Earshot", "", DASHBOARDS, (LETTER, NEWS))


def keep(port: Port, wanted: Wanted = WANTED, *, dry: bool = False) -> list[str]:
    return [change.what for change in Keeper(port, dry=dry).keep(wanted)]


def test_all_is_put_there_once_and_a_second_time_changes_nothing(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    new = [
        "folder Earshot",
        *(f"dashboard {each['uid']}" for each in DASHBOARDS),
        "annotation of m-1",
        "annotation of m-2",
    ]
    assert keep(port_for()) == [f"{what}: new" for what in new]
    assert set(grafana.state.places.values()) == {"earshot"}
    written = len(grafana.writes())
    assert keep(port_for()) == []
    assert len(grafana.writes()) == written


def test_a_dry_run_tells_the_same_and_writes_nothing(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    told = keep(port_for(), dry=True)
    assert grafana.writes() == []
    assert keep(port_for()) == told


def test_a_dry_run_shows_which_lines_differ(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    keep(port_for())
    grafana.state.dashboards[DASHBOARDS[0]["uid"]]["title"] = "Changed by hand"
    (change,) = list(Keeper(port_for(), dry=True).keep(WANTED))
    assert isinstance(change, Change)
    assert change.what == f"dashboard {DASHBOARDS[0]['uid']}: different"
    assert any("Changed by hand" in line and line.startswith("-") for line in change.difference)
    assert any(DASHBOARDS[0]["title"] in line and line.startswith("+") for line in change.difference)


def test_what_was_changed_by_hand_or_moved_is_put_right(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    keep(port_for())
    uid = DASHBOARDS[0]["uid"]
    grafana.state.dashboards[uid]["title"] = "Changed by hand"
    grafana.state.places[DASHBOARDS[1]["uid"]] = ""
    assert [what.partition(": ")[2] for what in keep(port_for())] == ["different", "moved and different"]
    assert grafana.state.dashboards[uid]["title"] == DASHBOARDS[0]["title"]
    assert grafana.state.dashboards[uid]["version"] == 2
    assert grafana.state.places[DASHBOARDS[1]["uid"]] == "earshot"


def test_an_older_grafana_that_knows_folders_by_number_alone_gets_the_number(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    grafana.state.knows_folder_uid = False
    keep(port_for())
    assert set(grafana.state.places.values()) == {"earshot"}


def test_a_folder_of_that_title_which_is_not_ours_is_used_and_left_as_it_is(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    theirs = {"id": 99, "uid": "theirs", "title": "Earshot", "version": 7}
    grafana.state.folders["theirs"] = dict(theirs)
    assert "folder Earshot: new" not in keep(port_for())
    assert set(grafana.state.places.values()) == {"theirs"}
    assert grafana.state.folders == {"theirs": theirs}


def test_a_dashboard_that_is_not_ours_is_never_overwritten(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    uid = DASHBOARDS[0]["uid"]
    grafana.state.dashboards[uid] = {"id": 5, "uid": uid, "version": 1, "title": "Somebody's", "tags": ["sales"]}
    with pytest.raises(GrafanaFailed, match="not ours"):
        keep(port_for())
    assert grafana.state.dashboards[uid]["title"] == "Somebody's"


def test_a_dashboard_that_grafana_has_from_a_file_is_left_alone(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    keep(port_for())
    uid = DASHBOARDS[0]["uid"]
    grafana.state.provisioned.add(uid)
    assert keep(port_for()) == [f"dashboard {uid}: left alone, Grafana has it from a file"]


def test_nothing_is_ever_deleted(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    keep(port_for())
    keep(port_for(), replace(WANTED, dashboards=DASHBOARDS[:1], messages=()))
    assert {verb for verb, _ in grafana.state.asked} <= {"GET", "POST", "PATCH"}
    assert len(grafana.state.dashboards) == 2
    assert len(grafana.state.annotations) == 2


def test_the_default_prometheus_is_chosen_or_the_one_that_was_given(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    def chosen() -> set[str]:
        variables = [each["templating"]["list"][0] for each in grafana.state.dashboards.values()]
        return {variable["current"]["value"] for variable in variables}

    keep(port_for())
    assert chosen() == {"first"}
    keep(port_for(), replace(WANTED, datasource="second"))
    assert chosen() == {"second"}


def test_an_editor_who_may_not_look_at_data_sources_gives_the_uid(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    with pytest.raises(GrafanaFailed, match=r"403.*`grafana.datasource`"):
        keep(port_for(EDITOR))
    assert keep(port_for(EDITOR), replace(WANTED, datasource="first"))
    assert len(grafana.state.dashboards) == 2


def test_a_token_that_nobody_knows_is_told_so_and_nothing_else(port_for: Callable[..., Port]) -> None:
    for datasource in ("", "first"):
        with pytest.raises(GrafanaFailed, match="401") as failed:
            keep(port_for("another"), replace(WANTED, datasource=datasource))
        assert "grafana.datasource" not in str(failed.value)


def test_a_data_source_that_is_not_there_is_named(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    with pytest.raises(GrafanaFailed, match="no data source with the uid nowhere"):
        keep(port_for(), replace(WANTED, datasource="nowhere"))
    grafana.state.datasources = grafana.state.datasources[:1]
    with pytest.raises(GrafanaFailed, match="no Prometheus"):
        keep(port_for())


def test_an_annotation_has_title_and_time_and_is_mended_where_they_change(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    keep(port_for())
    first, second = grafana.state.annotations
    assert (first["text"], first["time"], first["tags"]) == (
        "The new travel policy (email)",
        SENT // 1000,
        ["earshot", "message:m-1"],
    )
    assert second["text"] == "m-2 (intranet)"  # titles may be switched off
    renamed = replace(WANTED, messages=(MessageInfo("m-1", "Travelling", "email", "processes", "", SENT), NEWS))
    assert keep(port_for(), renamed) == ["annotation of m-1: different"]
    assert [each["text"] for each in grafana.state.annotations] == ["Travelling (email)", "m-2 (intranet)"]


def test_an_annotation_whose_answer_was_lost_is_not_made_twice(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    grafana.state.faults = [None, FOR_EVER]  # looked for, then made, but so slowly that nobody hears of it
    with pytest.raises(Away, match="in time"):
        list(Keeper(port_for(timeout_seconds=PATIENCE)).annotate([LETTER]))
    assert len(grafana.state.annotations) == 1
    assert list(Keeper(port_for()).annotate([LETTER])) == []
    assert len(grafana.state.annotations) == 1


@pytest.mark.parametrize(
    ("token", "said"),
    [("wrong", r"does not know the token \(401\)"), (VIEWER, r"\(403\): its service account needs more rights")],
    ids=["401", "403"],
)
def test_a_token_that_may_not_is_said_so_at_once(
    grafana: Grafana, port_for: Callable[..., Port], pauses: list[float], token: str, said: str
) -> None:
    with pytest.raises(GrafanaFailed, match=said):
        keep(port_for(token), replace(WANTED, datasource="first"))
    assert pauses == []
    assert grafana.state.dashboards == {}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NotThere), (409, Exists), (412, Exists), (422, GrafanaFailed), (400, GrafanaFailed)],
    ids=str,
)
def test_what_grafana_refuses_is_told_with_its_number_and_not_tried_again(
    grafana: Grafana, port_for: Callable[..., Port], pauses: list[float], status: int, kind: type[GrafanaFailed]
) -> None:
    grafana.state.faults = [status]
    with pytest.raises(kind, match=str(status)):
        port_for().call("POST", "/dashboards/db", {"dashboard": {}})
    assert pauses == []


@pytest.mark.parametrize("status", [429, 500, 502, 503], ids=str)
def test_a_fault_of_its_own_is_tried_twice_more_and_then_told(
    grafana: Grafana, port_for: Callable[..., Port], pauses: list[float], status: int
) -> None:
    grafana.state.faults = [status, status]
    assert port_for().call("GET", "/folders") == []
    assert pauses == [1.0, 4.0]
    grafana.state.faults = [status] * 3
    with pytest.raises(Away, match=str(status)):
        port_for().call("GET", "/folders")


def test_an_empty_answer_is_success(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    grafana.state.faults = [204]
    assert port_for().call("PATCH", "/annotations/1", {}) is None


def test_whoever_does_not_answer_in_time_is_tried_again(
    grafana: Grafana, port_for: Callable[..., Port], pauses: list[float]
) -> None:
    grafana.state.faults = [FOR_EVER]
    assert port_for(timeout_seconds=PATIENCE).call("GET", "/folders") == []
    assert pauses == [1.0]


def test_where_nobody_listens_the_address_is_named(pauses: list[float]) -> None:
    port = Port(f"http://127.0.0.1:{free_port()}", ADMIN, pause=pauses.append)
    with closing(port), pytest.raises(Away, match=r"127\.0\.0\.1"):
        port.call("GET", "/folders")
    assert pauses == [1.0, 4.0]


def test_no_failure_tells_the_token(grafana: Grafana, port_for: Callable[..., Port]) -> None:
    for fault in (401, 403, 404, 412, 500):
        grafana.state.faults = [fault] * 3
        with pytest.raises(GrafanaFailed) as failed:
            port_for("a-secret-token").call("GET", "/folders")
        assert "a-secret-token" not in str(failed.value)
