import base64
import json
import logging
import re
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from loguru import logger
from pydantic import SecretStr

from agent import log
from agent.domain.redaction import MASK

SECRET = '密码 P@ss/w"ord+9\\'
ACCOUNT = "571900000010001"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    log.hide(SecretStr(SECRET), SecretStr(ACCOUNT), None)
    yield log.set_up(tmp_path)
    log.close()
    logging.captureWarnings(capture=False)


SPELLINGS = {
    "plain": SECRET,
    "url": quote(SECRET),
    "url, all": quote(SECRET, safe=""),
    "form": quote_plus(SECRET),
    "small hex": re.sub("%..", lambda found: found[0].lower(), quote(SECRET, safe="")),
    "json": json.dumps(SECRET, ensure_ascii=False),
    "repr": repr(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(SECRET.encode()).decode(),
    "basic auth": base64.b64encode(f"demo:{SECRET}".encode()).decode(),
    "basic auth, other shift": base64.b64encode(f"demo1:{SECRET}\n".encode()).decode(),
    "account": ACCOUNT,
    "account in groups": "5719 0000 0010 001",
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
def test_a_secret_is_masked_however_it_is_spelled(file: Path, spelled: str) -> None:
    logger.info(f"sent {spelled} to the site")
    written = file.read_text(encoding="utf-8")
    assert MASK in written
    assert spelled not in written
    assert "P@ss" not in written


def test_an_exception_is_told_without_the_secret_and_without_locals(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = "value-of-a-local"
    try:
        int(f"{SECRET}{planted[:0]}")
    except ValueError:
        logger.exception("it went wrong")
    written = file.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "invalid literal for int() with base 10: '*****'" in written
    assert planted not in written.replace(f'planted = "{planted}"', "")
    assert "Traceback" not in capsys.readouterr().err


def test_what_libraries_say_goes_the_same_way(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("asyncio").error("task failed with %s", SECRET)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"mind {ACCOUNT}", stacklevel=1)
    written = file.read_text(encoding="utf-8") + capsys.readouterr().err
    assert "task failed with *****" in written
    assert ACCOUNT not in written


def test_the_file_is_the_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "fankuan.log").touch(mode=0o666)
    file = log.set_up(tmp_path)
    logger.info("hello")
    log.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_page_cannot_steer_the_terminal(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logger.warning("shop \x1b]0;owned\x07\x9b31m ok\n\tnext")
    assert "\x1b" not in file.read_text(encoding="utf-8")
    text = capsys.readouterr().err
    assert not {"\x1b", "\x07", "\x9b"} & set(text)
    assert "ok\n\tnext" in text


def test_braces_in_the_data_directory_are_no_format(tmp_path: Path) -> None:
    file = log.set_up(tmp_path / "{time}")
    logger.info("hello")
    log.close()
    assert "hello" in file.read_text(encoding="utf-8")
