"""The pictures that messages bring along."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.evidence.store import Store

Copy = Callable[[str], str | None]


@contextmanager
def copies(store: Store) -> Iterator[Copy]:
    """Give a picture of the evidence as a file of this machine, for as long as the block lasts; None without it."""
    with TemporaryDirectory(prefix="fankuan-pictures-") as folder:

        def copy(place: str) -> str | None:
            try:
                content = store.get(place)
            except OSError:
                return None
            path = Path(folder, f"{len(list(Path(folder).iterdir()))}.png")
            path.write_bytes(content)
            return str(path)

        yield copy
