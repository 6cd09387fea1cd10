"""What every test may ask for: a database of the run's own, and the real data beside the repository."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from hypothesis import settings as properties
from pytest_django import DjangoDbBlocker

from yiwang.project.environment import ENV
from yiwang.project.testing import databases, ports

# How long an example takes says something of the machine, not of the property.
properties.register_profile("yiwang", deadline=None)
properties.load_profile("yiwang")
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(scope="module")
def free_port() -> int:
    """A port for a server that a room's tests start."""
    return ports.free_port()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data beside the repository. Missing: skipped aloud, and an error in CI."""
    if any(ENV.data_dir.glob("*/")):
        return ENV.data_dir
    missing = f"no real data in {ENV.data_dir}; set YIWANG_DATA_DIR to its folder"
    if IN_CI:
        pytest.fail(missing)
    pytest.skip(missing)


if ENV.database_url is None:

    @pytest.fixture(scope="session")
    def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
        """The run's own database in the tests' own cluster, a copy of the migrated one."""
        with databases.test_cluster() as where, django_db_blocker.unblock():
            template = databases.migrated_template(where)
            databases.renew(where, template)
            with renewing_after_commits(lambda: databases.renew(where, template)):
                yield
            databases.forget(where)


@contextmanager
def renewing_after_commits(renew: Callable[[], None]) -> Iterator[None]:
    """Tests that commit get a fresh copy afterwards: the ledgers' guards refuse to be emptied, as they should."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: renew())
        yield
