"""The stores that the ledger's tests run on, and the marks of the few that are about one of them alone."""

import pytest

STORES = ("sqlite", "postgresql")
OWN = "a postgresql of its own"
"""A database that nobody else uses, for tests that change its tables, or whoever may look at them."""

changing_tables = pytest.mark.parametrize("url", ["sqlite", OWN], indirect=True)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
