"""A configuration that is changed while a process runs on the one before."""

from pathlib import Path

import pytest

from on_disk import NEED_A_RESTART, OnDisk
from sites import Refused, Site, load_sound
from tests.mounted import Mounted

FIRST = """\
organisation: {name: first}
data: data
"""
SECOND = FIRST.replace("first", "second")
MISSPELT = f"{FIRST}targtes: []\n"


def watch(file: Path) -> OnDisk:
    """What a process does that begins: its keys are made where there are none."""
    site = Site(load_sound(file))
    assert site.secrets
    return OnDisk(file, site)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "earshot.yaml"
    file.write_text(FIRST)
    return file


def test_a_sound_change_takes_the_place_of_what_runs_and_a_broken_one_never_does(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    disk = watch(file)
    first = disk.site
    assert disk.look() is first
    file.write_text(MISSPELT)
    assert disk.look() is first
    assert "Did you mean `targets`?" in disk.refused
    assert disk.look() is first
    assert caplog.text.count("what ran before goes on") == 1
    file.write_text(SECOND)
    assert disk.look().settings.organisation.name == "second"
    assert disk.refused == ""


def test_a_file_that_is_gone_is_refused_and_what_ran_goes_on(file: Path) -> None:
    disk = watch(file)
    first = disk.site
    file.unlink()
    assert disk.look() is first
    assert disk.refused
    file.write_text(FIRST)
    assert disk.look() is first
    assert not disk.refused


def test_a_mounted_folder_that_is_turned_to_other_files_is_a_change(tmp_path: Path) -> None:
    mounted = Mounted(tmp_path / "etc", {"earshot.yaml": FIRST})
    disk = watch(tmp_path / "etc" / "earshot.yaml")
    mounted.change({"earshot.yaml": SECOND})
    assert disk.look().settings.organisation.name == "second"
    mounted.change({"earshot.yaml": MISSPELT})
    assert disk.look().settings.organisation.name == "second"
    assert disk.refused


def test_what_says_the_same_in_other_words_changes_nothing(tmp_path: Path) -> None:
    mounted = Mounted(tmp_path / "etc", {"earshot.yaml": FIRST})
    disk = watch(tmp_path / "etc" / "earshot.yaml")
    first = disk.site
    mounted.change({"earshot.yaml": f"# a comment\n{FIRST}"})
    assert disk.look() is first
    assert not disk.refused


OTHERWISE = {
    "data": "elsewhere",
    "key_file": "other.key",
    "erasure_key_file": "other.key",
    "store": "postgresql://earshot@127.0.0.1/earshot",
    "store_file": "store",
    "mode": "counts",
    "sample": "{directory: company}",
    "grafana": "{url: 'https://grafana.example.org'}",
    "page.host": "127.0.0.2",
    "page.port": "8799",
    "worker.host": "127.0.0.2",
    "worker.port": "8799",
}


def test_every_key_that_takes_a_restart_is_tried() -> None:
    assert sorted(OTHERWISE) == sorted(NEED_A_RESTART)


def test_the_manual_names_every_key_that_takes_a_restart() -> None:
    manual = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
    (row,) = [line for line in manual.splitlines() if "refused until the process is restarted" in line]
    assert [name for name in NEED_A_RESTART if f"`{name}`" not in row and f"`{name.split('.')[0]}`" not in row] == []


@pytest.mark.parametrize("name", NEED_A_RESTART)
def test_what_takes_a_restart_is_refused_by_name(file: Path, name: str) -> None:
    disk = watch(file)
    first = disk.site
    (file.parent / "store").write_text("postgresql://earshot@127.0.0.1/earshot")
    for where in ("other.key", "elsewhere/earshot.key", "elsewhere/erasure.key"):
        (file.parent / where).parent.mkdir(exist_ok=True)
        (file.parent / where).write_bytes(first.key)
    part, _, key = name.partition(".")
    changed = f"{part}: {{{key}: {OTHERWISE[name]}}}" if key else f"{part}: {OTHERWISE[name]}"
    kept = FIRST.replace("data: data\n", "") if name == "data" else FIRST
    file.write_text(f"{kept}{changed}\n")
    assert disk.look() is first
    assert disk.refused.startswith("This takes a restart")
    assert name in disk.refused.removesuffix(".").split(": ")[1].split(", ")


@pytest.mark.parametrize(("key", "said"), [("earshot.key", "pseudonyms"), ("erasure.key", "were erased")])
def test_another_key_in_the_same_file_is_refused(file: Path, key: str, said: str) -> None:
    disk = watch(file)
    first = disk.site
    (file.parent / "data" / key).write_bytes(b"k" * 32)
    file.write_text(SECOND)
    assert disk.look() is first
    assert said in disk.refused


def test_a_password_that_is_changed_is_taken_up_and_another_database_is_refused(tmp_path: Path) -> None:
    config = {"earshot.yaml": f"{FIRST}store_file: store\n"}
    mounted = Mounted(tmp_path / "etc", {**config, "store": "postgresql://earshot:old@db.example.org/earshot"})
    disk = watch(tmp_path / "etc" / "earshot.yaml")
    first = disk.site
    mounted.change({**config, "store": "postgresql://earshot:new@db.example.org/earshot"})
    assert disk.look() is not first
    assert ":new@" in disk.look().url
    mounted.change({**config, "store": "postgresql://earshot:new@db.example.org/other"})
    assert ":new@" in disk.look().url
    assert disk.look().url.endswith("/earshot")
    assert "store_file" in disk.refused
    assert "new" not in disk.refused.replace("what runs", "")


def test_a_file_that_comes_after_the_configuration_that_names_it_is_waited_for(file: Path) -> None:
    disk = watch(file)
    first = disk.site
    named = file.parent / "kafka.password"
    topics = "sources: [{name: mail, decoder: sendgrid, channel: email, from: {topics: [mail]}}]\n"
    kafka = "kafka: {brokers: ['127.0.0.1:9'], user: earshot, password_file: kafka.password, security: plaintext}\n"
    file.write_text(FIRST + topics + kafka)
    disk.look()
    secrets = disk.secrets
    named.write_text("a word")
    assert disk.look() is not first
    assert disk.secrets != secrets


def test_what_a_process_could_do_nothing_with_is_refused(file: Path) -> None:
    def refuse_second(site: Site) -> None:
        if site.settings.organisation.name == "second":
            raise Refused("nothing to do here")

    site = Site(load_sound(file))
    assert site.secrets
    disk = OnDisk(file, site, suits=refuse_second)
    file.write_text(SECOND)
    assert disk.look() is site
    assert disk.refused == "nothing to do here"
