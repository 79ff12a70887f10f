"""Where evidence is kept: a folder, or a bucket of an S3-compatible store that all machines reach."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from agent.settings import EvidenceStoreSettings, Settings

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

# An answer that does not come must not hold a page open for long: what is on it may move on.
_PATIENCE = timedelta(seconds=10)
_RETRIED_FOR = timedelta(seconds=20)


class Store(Protocol):
    """Keeps files under names with `/` between their parts; a name that is there already gets the new content."""

    async def put(self, name: str, content: bytes) -> str:
        """Keep the content, and give the place where a person finds it. Raise OSError if it is not kept."""

    def get(self, place: str) -> bytes:
        """What was kept at a place that `put` has given. Raise OSError."""


def store_of(settings: Settings) -> Store:
    """The bucket of `[evidence_store]`, else the folder that `evidence_folder` names, or the default one."""
    named = settings.evidence_store
    return Folder(settings.evidence_dir) if named is None else Bucket.of(named)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or one that several have mounted. Files are readable for their owner alone."""

    root: Path

    async def put(self, name: str, content: bytes) -> str:
        """Write the file in one piece: a power cut leaves the earlier one, or this."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f".{path.name}.part")
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(path)
        return str(path)

    def get(self, place: str) -> bytes:
        """The file's content."""
        return Path(place).read_bytes()


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, or the part of one below a prefix. `address` is s3://BUCKET/PREFIX."""

    address: str
    client: "S3Store"

    @classmethod
    def of(cls, named: EvidenceStoreSettings) -> "Bucket":
        """Reach nothing yet. Credentials that are left out are looked for where Amazon's tools do (AWS_…)."""
        from obstore.store import S3Store

        key = named.secret_access_key
        given = {
            "endpoint": named.endpoint_url,
            "region": named.region,
            "access_key_id": named.access_key_id,
            "secret_access_key": key.get_secret_value() if key else None,
        }
        client = S3Store.from_url(
            named.url,
            config=cast("S3Config", {name: value for name, value in given.items() if value is not None}),
            virtual_hosted_style_request=named.by_host,
            client_options={"timeout": _PATIENCE, "connect_timeout": _PATIENCE, "allow_http": named.plain},
            retry_config={"max_retries": 3, "retry_timeout": _RETRIED_FOR},
        )
        return cls(named.url.rstrip("/"), client)

    async def put(self, name: str, content: bytes) -> str:
        """Put the object; its address. Putting it again changes nothing, so the library may retry."""
        with self._told():
            await self.client.put_async(name, content)
        return f"{self.address}/{name}"

    def get(self, place: str) -> bytes:
        """The object's content; the library tries again if none comes."""
        with self._told():
            return self.client.get(place.removeprefix(f"{self.address}/")).bytes().to_bytes()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Name what the store said by its code alone: the rest is long, and repeats what was signed."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as error:
            code = re.search(r"<Code>(\w+)</Code>", str(error))
            raise OSError(f"{self.address}: {code[1] if code else 'no answer'}") from None
