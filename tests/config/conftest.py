"""What the tests of this room share: a file from a text, loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.load import Loaded, load

LoadText = Callable[..., Loaded]


@pytest.fixture
def load_text(tmp_path: Path) -> LoadText:
    """Loads a text as `tmp_path/earshot.yaml`, the variables given by name over it."""

    def load_it(text: str, **variables: str) -> Loaded:
        file = tmp_path / "earshot.yaml"
        file.write_text(text, encoding="utf-8")
        return load(file, variables)

    return load_it
