"""The real servers that the chart's processes are run on."""

from tests.real.conftest import topics as topics
