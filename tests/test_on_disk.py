"""A configuration that is changed while the service runs on the one before."""

from pathlib import Path

from sites import OnDisk


def test_a_configuration_that_would_be_refused_is_noticed_when_it_is_changed_and_forgotten_when_it_is_mended(
    tmp_path: Path,
) -> None:
    file = tmp_path / "earshot.yaml"
    file.write_text("data: here\n")
    disk = OnDisk(file)
    assert not disk.refused()
    file.write_text("data: here\ntargtes: []\n")
    assert disk.refused()
    assert disk.refused()
    file.write_text("data: elsewhere\n")
    assert not disk.refused()


def test_a_configuration_that_is_gone_could_not_be_started_with(tmp_path: Path) -> None:
    file = tmp_path / "earshot.yaml"
    file.write_text("data: here\n")
    disk = OnDisk(file)
    file.unlink()
    assert disk.refused()
