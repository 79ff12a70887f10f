"""A console for the tests of a file, with a user of each role."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.domain.roles import Role
from tests.console.site import Site, running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("console")
    with running(folder) as made:
        for role in Role:
            made.add_user(role.value, role)
        yield made
