"""Settings that only point to their secrets."""

import os
import sys
from pathlib import Path

import keyring
import pytest
from keyrings.alt.file import PlaintextKeyring

from agent.domain.errors import UsageError
from agent.settings import Settings, load_settings

SECRET = "postgresql://u:s3cret@h/db"


def loaded(folder: Path, told: str) -> Settings:
    (folder / "f.toml").write_text(f"database_url = {told}\n", encoding="utf-8")
    return load_settings(folder / "f.toml")


def database(folder: Path, told: str) -> str | None:
    url = loaded(folder, told).database_url
    return url.get_secret_value() if url else None


def private(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_URL", SECRET)
    assert database(tmp_path, '{ env = "DB_URL" }') == SECRET


def test_a_file_beside_the_settings(tmp_path: Path) -> None:
    private(tmp_path / "db.secret", f"{SECRET}\n")
    assert database(tmp_path, '{ file = "db.secret" }') == SECRET


def test_a_command(tmp_path: Path) -> None:
    told = f'{{ command = ["{sys.executable}", "-c", "print({SECRET!r})"] }}'
    assert database(tmp_path, told.replace("'", "\\u0027")) == SECRET


def test_the_systems_keyring(tmp_path: Path) -> None:
    kept_in_a_file = PlaintextKeyring()
    kept_in_a_file.file_path = str(tmp_path / "keyring.cfg")
    before = keyring.get_keyring()
    keyring.set_keyring(kept_in_a_file)
    try:
        with pytest.raises(UsageError, match="keyring set fankuan-db ops"):
            loaded(tmp_path, '{ keyring = "fankuan-db/ops" }')
        keyring.set_password("fankuan-db", "ops", SECRET)
        keyring.set_password("fankuan-db", "fankuan", "another")
        assert database(tmp_path, '{ keyring = "fankuan-db/ops" }') == SECRET
        assert database(tmp_path, '{ keyring = "fankuan-db" }') == "another"
    finally:
        keyring.set_keyring(before)


def test_channels_the_vaults_key_and_a_buckets_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "json://host/token")
    (tmp_path / "f.toml").write_text(
        'vault_key = { env = "HOOK" }\n[[notify]]\nurl = { env = "HOOK" }\n'
        '[evidence_store]\nurl = "s3://b"\nsecret_access_key = { env = "HOOK" }\n',
        encoding="utf-8",
    )
    found = load_settings(tmp_path / "f.toml")
    assert found.notify[0].url.get_secret_value() == "json://host/token"
    assert found.vault_key is not None
    assert found.evidence_store is not None
    assert found.evidence_store.secret_access_key == found.notify[0].url


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ('{ env = "NOT_SET_AT_ALL" }', "NOT_SET_AT_ALL, which is not set"),
        ('{ file = "none.secret" }', "which cannot be read"),
        ('{ command = ["/no/such/program"] }', "“/no/such/program”, which failed"),
        (f'{{ command = ["{sys.executable}", "-c", "print(1/0)"] }}', "which failed"),
        ('{ command = "pass show x" }', "names no command"),
        ('{ keyring = "none/such" }', "keyring"),
        ('{ environment = "X" }', "names no source"),
        ('{ env = "A", file = "b" }', "names no source"),
        ("{}", "names no source"),
    ],
)
def test_what_gives_nothing_is_told_with_place_and_cure(tmp_path: Path, told: str, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        loaded(tmp_path, told)
    assert text in str(caught.value)
    assert "f.toml: database_url" in str(caught.value)


def test_an_empty_source_is_told(tmp_path: Path) -> None:
    private(tmp_path / "db.secret", "\n")
    with pytest.raises(UsageError, match="is empty at its source"):
        loaded(tmp_path, '{ file = "db.secret" }')


@pytest.mark.skipif(os.name != "posix", reason="only there files have modes")
def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    private(tmp_path / "db.secret", SECRET).chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600") as caught:
        loaded(tmp_path, '{ file = "db.secret" }')
    assert "s3cret" not in str(caught.value)
