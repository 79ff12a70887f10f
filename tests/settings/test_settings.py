"""Settings: what is read from where, and that whatever is wrong is told with its place and its cure."""

import json
import os
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.accounts import AccountKey
from agent.domain.addresses import address_problem, is_exposed, is_loopback
from agent.domain.deadlines import RefundRule, Unit
from agent.domain.errors import UsageError
from agent.domain.orders import OrderStatus
from agent.domain.schedule import Policy
from agent.settings import Settings, load_settings, sites
from agent.sites import BUILT_IN

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = """
[[platforms]]
id = "antd5"
title = "某平台"
login_url  = "http://127.0.0.1:8801/login"
orders_url = "http://127.0.0.1:8801/orders"
services = ["网店管家云端版", "网店管家J系列", "FW_GOODS-1870412"]
refund_after = "5 working days"
filing_name = "淘宝"
"""
CONTRACT = f"""
data_dir = "var"

[browser]
executable = "/usr/bin/chromium"
headless = false

[backoffice]
login_url  = "http://127.0.0.1:8802/login"
filing_url = "http://127.0.0.1:8802/filing"
refund_url = "http://127.0.0.1:8802/filing"

[sites.taobao]
login_url  = "http://127.0.0.1:8803/login"
orders_url = "http://127.0.0.1:8803/orders"
{PLATFORM}"""


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [n for n in os.environ if n.startswith("FANKUAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "fankuan.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def refusal(tmp_path: Path, text: str) -> list[str]:
    """The lines of the error in English; every one starts with its place."""
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    lines, lines_zh = caught.value.text.en.splitlines(), caught.value.text.zh.splitlines()
    assert len(lines) == len(lines_zh)
    return [line.removeprefix(f"{tmp_path / 'fankuan.toml'}: ") for line in lines]


class TestFile:
    def test_reads_the_contract(self, tmp_path: Path) -> None:
        settings = load(tmp_path, CONTRACT)
        assert settings.data_dir == tmp_path / "var"
        assert settings.browser.executable == Path("/usr/bin/chromium")
        assert not settings.browser.headless
        assert settings.backoffice.filing_url == "http://127.0.0.1:8802/filing"
        assert settings.sites["taobao"].orders_url == "http://127.0.0.1:8803/orders"
        platform = settings.platforms[0]
        assert (platform.id, platform.title, platform.filing_name) == ("antd5", "某平台", "淘宝")
        assert platform.services == ("网店管家云端版", "网店管家J系列", "FW_GOODS-1870412")
        assert platform.refund_after == RefundRule(5, Unit.WORKING_DAY)
        assert platform.currency == "CNY"

    def test_nothing_is_needed_to_start(self) -> None:
        settings = load_settings()
        assert settings.data_dir.is_absolute()
        assert settings.data_dir.name == "fankuan"
        assert settings.browser.headless
        assert settings.backoffice.login_url == "http://newc.wdgj.com/Account/Login"
        assert settings.backoffice.filing_url is settings.backoffice.refund_url is None
        assert settings.vault_key is settings.database_url is None
        assert settings.platforms == ()

    def test_what_only_the_back_office_decides_is_none(self, tmp_path: Path) -> None:
        settings = load(tmp_path, PLATFORM.replace('refund_after = "5 working days"', ""))
        assert settings.platforms[0].refund_after is None

    def test_a_byte_order_mark_is_no_obstacle(self, tmp_path: Path) -> None:
        assert load(tmp_path, "\ufeff[browser]\nheadless = false").browser.headless is False

    def test_is_named_by_the_environment_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "x.toml").write_text("[browser]\nheadless = false")
        monkeypatch.setenv("FANKUAN_CONFIG", str(tmp_path / "x.toml"))
        assert not load_settings().browser.headless
        monkeypatch.setenv("FANKUAN_CONFIG", "")
        assert load_settings().browser.headless

    def test_that_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"none\.toml: cannot be read .*--config or FANKUAN_CONFIG"):
            load_settings(tmp_path / "none.toml")

    def test_that_is_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="cannot be read"):
            load_settings(tmp_path)

    def test_that_is_not_utf_8(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").write_bytes('data_dir = "数据"'.encode("gbk"))
        with pytest.raises(UsageError, match="not UTF-8"):
            load_settings(tmp_path / "x.toml")

    def test_that_is_no_toml_names_the_line(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, '[browser]\nheadless = true\nexecutable = /usr/bin/chromium\ndata = "x"')
        assert "is not valid TOML" in line
        assert "line 3" in line


class TestDataDir:
    def test_in_the_file_is_relative_to_the_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "conf").mkdir()
        (tmp_path / "conf" / "x.toml").write_text('data_dir = "var"')
        assert load_settings(Path("conf/x.toml")).data_dir == tmp_path / "conf" / "var"
        monkeypatch.setenv("FANKUAN_DATA_DIR", "var")
        assert load_settings(Path("conf/x.toml")).data_dir == tmp_path / "var"

    def test_may_start_at_home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/somebody")
        assert load(tmp_path, 'data_dir = "~/fankuan"').data_dir == Path("/home/somebody/fankuan")

    @pytest.mark.parametrize("written", ['""', "5", "[]"])
    def test_must_be_a_path(self, tmp_path: Path, written: str) -> None:
        (line,) = refusal(tmp_path, f"data_dir = {written}")
        assert line.startswith("data_dir: ")

    def test_evidence_lies_in_it(self, tmp_path: Path) -> None:
        assert load(tmp_path, CONTRACT).evidence_dir == tmp_path / "var" / "screenshots"

    def test_evidence_lies_where_it_is_told_to_for_machines_that_share_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert load(tmp_path, 'evidence_folder = "shared"').evidence_dir == tmp_path / "shared"
        monkeypatch.setenv("FANKUAN_EVIDENCE_FOLDER", "/mnt/evidence")
        assert load_settings().evidence_dir == Path("/mnt/evidence")

    @pytest.mark.parametrize(
        ("endpoint", "by_host"),
        [("https://shots.oss-cn-hangzhou.aliyuncs.com", True), ("https://minio.internal:9000", False), (None, False)],
    )
    def test_a_bucket_is_asked_by_the_host_that_is_named_for_it(
        self, tmp_path: Path, endpoint: str | None, by_host: bool
    ) -> None:
        named = f'endpoint_url = "{endpoint}"\n' if endpoint else ""
        store = load(tmp_path, f'[evidence_store]\nurl = "s3://shots/2026"\n{named}').evidence_store
        assert store is not None
        assert (store.by_host, store.plain) == (by_host, False)

    @pytest.mark.parametrize(
        ("written", "text"),
        [
            ('url = "shots"', "evidence_store.url: is no address of a bucket. Write it like s3://bucket/folder."),
            ('url = "s3://a b"', "evidence_store.url: is no address of a bucket"),
            ("", "evidence_store.url: is missing"),
            ('url = "s3://b"\nbucket = "b"', "evidence_store.bucket: is not a setting"),
            ('url = "s3://b"\nendpoint_url = "http://minio.internal"', "evidence_store.endpoint_url: is plain http"),
        ],
    )
    def test_a_bucket_that_is_none_is_named_with_its_cure(self, tmp_path: Path, written: str, text: str) -> None:
        (line,) = refusal(tmp_path, f"[evidence_store]\n{written}")
        assert text in line

    def test_evidence_of_a_checkout_lies_in_the_checkout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(ROOT)
        assert load_settings().evidence_dir == ROOT / "screenshots"
        monkeypatch.setenv("FANKUAN_DATA_DIR", "/somewhere")
        assert load_settings().evidence_dir == Path("/somewhere/screenshots")

    @pytest.mark.parametrize("pyproject", ["", "[project", '[project]\nname = "other"'])
    def test_another_project_is_no_checkout(self, tmp_path: Path, pyproject: str) -> None:
        (tmp_path / "agent").mkdir()
        (tmp_path / "pyproject.toml").write_text(pyproject)
        settings = load_settings()
        assert settings.evidence_dir == settings.data_dir / "screenshots"


class TestEnvironment:
    def test_wins_over_the_file_key_by_key(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FANKUAN_BROWSER__EXECUTABLE", "/opt/chromium")
        monkeypatch.setenv("FANKUAN_SITES__TAOBAO__LOGIN_URL", "http://localhost:1/login")
        settings = load(tmp_path, CONTRACT)
        assert settings.browser.executable == Path("/opt/chromium")
        assert not settings.browser.headless
        assert settings.sites["taobao"].login_url == "http://localhost:1/login"
        assert settings.sites["taobao"].orders_url == "http://127.0.0.1:8803/orders"

    def test_alone_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FANKUAN_BROWSER__HEADLESS", "false")
        monkeypatch.setenv("FANKUAN_SITES__1688__ORDERS_URL", "https://example.org/orders")
        monkeypatch.setenv("FANKUAN_VAULT_KEY", "some-key")
        settings = load_settings()
        assert not settings.browser.headless
        assert settings.sites["1688"].orders_url == "https://example.org/orders"
        assert settings.vault_key is not None
        assert settings.vault_key.get_secret_value() == "some-key"

    def test_brings_lists_as_json(self, monkeypatch: pytest.MonkeyPatch) -> None:
        one = {
            "id": "p",
            "title": "P",
            "services": ["x"],
            "login_url": "https://p.cn/a",
            "orders_url": "https://p.cn/b",
        }
        monkeypatch.setenv("FANKUAN_PLATFORMS", json.dumps([one]))
        assert load_settings().platforms[0].id == "p"
        monkeypatch.setenv("FANKUAN_PLATFORMS", '[{"s3cret')
        with pytest.raises(UsageError, match="FANKUAN_PLATFORMS: cannot be read") as caught:
            load_settings()
        assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("FANKUAN_BROWSER__HEADLES", "1", "is not a setting. Did you mean “headless”?"),
            ("FANKUAN_BROWSER__HEADLESS", "perhaps", "is neither true nor false"),
            ("FANKUAN_BROWSER", "x", "cannot be read"),
            ("FANKUAN_DATADIR", "/x", "is not a setting. Did you mean FANKUAN_DATA_DIR?"),
            ("FANKUAN_BACKOFICE__LOGIN_URL", "x", "Did you mean FANKUAN_BACKOFFICE?"),
            ("FANKUAN_DATA_DIR", "", "is empty"),
            ("FANKUAN_BACKOFFICE__LOGIN_URL", "http://example.org/", "is plain http"),
        ],
    )
    def test_an_error_names_the_variable(
        self, name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv(name, value)
        (line,) = refusal(tmp_path, CONTRACT)
        assert line.startswith(f"{name}: ")
        assert told in line

    def test_what_is_others_is_left_to_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FANKUAN_TOKEN", "zh")
        monkeypatch.setenv("BROWSER__HEADLESS", "no")
        assert load_settings().browser.headless


class TestWrong:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("datadir = 'x'", "datadir: is not a setting. Did you mean “data_dir”?"),
            ("wholly_other = 1", "wholly_other: is not a setting. Known are: backoffice, bank, browser,"),
            ("[browser]\nheadfull = true", "browser.headfull: is not a setting. Did you mean “headless”?"),
            ("[browser]\nheadless = 'often'", "browser.headless: is neither true nor false. Write true or false."),
            ("browser = 5", "browser: is not a table"),
            ("platforms = 5", "platforms: is not a list"),
            ("platforms = [5]", "platforms[0]: is not a table"),
            ("sites = 5", "sites: is not a table"),
            ("[sites]\ntaobao = 5", "sites.taobao: is not a table"),
            (
                "[sites.taobo]\nlogin_url = 'https://x.cn/'",
                "sites.taobo: is not a built-in platform. Did you mean “taobao”?",
            ),
            (
                "[sites.taobao]\nlogin = 'https://x.cn/'",
                "sites.taobao.login: is not a setting. Did you mean “login_url”?",
            ),
            ("[sites.taobao]\nlogin_url = 5", "sites.taobao.login_url: is not text"),
            ("[sites.taobao]\nrefund_after = 5", "sites.taobao.refund_after: is not a waiting period. “5” is not"),
            (
                "[sites.taobao]\nservices = [' ']",
                "sites.taobao.services[0]: has a wrong form. Fill it in or leave it out.",
            ),
        ],
    )
    def test_names_the_key_and_the_cure(self, tmp_path: Path, text: str, told: str) -> None:
        (line,) = refusal(tmp_path, text)
        assert line.startswith(told)

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ('id = "antd5"\n', "", "platforms[0].id: is missing. Add it."),
            ('"antd5"', '"Antd 5"', "platforms[0].id: has a wrong form. Use small letters"),
            ('"antd5"', '"taobao"', "platforms[0].id: “taobao” is built in. Choose another id, or change"),
            ('"antd5"', '"paipai"', "platforms[0].id: “paipai” is built in"),
            ('"antd5"', '"../x"', "platforms[0].id: has a wrong form"),
            ('"某平台"', '""', "platforms[0].title: is empty"),
            ('"5 working days"', '"soon"', "platforms[0].refund_after: is not a waiting period. “soon” is not"),
            ("http://127.0.0.1:8801/login", "login", "platforms[0].login_url: is not a web address"),
            ("http://127.0.0.1:8801/login", "https:///login", "platforms[0].login_url: is not a web address"),
            ("http://127.0.0.1:8801/login", "http://shop.cn/", "platforms[0].login_url: is plain http"),
            ("refund_after", "refund_afer", "platforms[0].refund_afer: is not a setting. Did you mean “refund_after”?"),
        ],
    )  # fmt: skip
    def test_platform(self, tmp_path: Path, old: str, new: str, told: str) -> None:
        (line,) = refusal(tmp_path, PLATFORM.replace(old, new, 1))
        assert line.startswith(told)

    def test_a_platform_needs_a_service_that_is_ours(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, PLATFORM.split("services", maxsplit=1)[0] + "services = []")
        assert line.startswith("platforms[0].services: is empty. Name at least one.")

    def test_two_platforms_with_one_id(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, PLATFORM * 2)
        assert line.startswith("platforms[1].id: “antd5” is there twice")

    def test_everything_is_told_at_once(self, tmp_path: Path) -> None:
        text = "typo = 1\n[sites.nowhere]\n" + (PLATFORM.replace("5 working days", "soon") * 2).replace(
            "127.0.0.1", "x.cn"
        )
        places = [line.split(":")[0] for line in refusal(tmp_path, text)]
        both = [f"platforms[{n}].{key}" for n in (0, 1) for key in ("login_url", "orders_url", "refund_after")]
        assert sorted(places) == sorted(["typo", "sites.nowhere", "platforms[1].id", *both])

    @pytest.mark.parametrize(
        "text",
        [
            "vault_key = 's3cret'\ntypo = 1",
            "vault_key = ['s3cret']",
            "database_url = {password = 's3cret'}",
            "vault_key = s3cret",
            "[backoffice]\nlogin_url = 'https://me:s3cret@x.cn/'",
            "[backoffice]\nlogin_url = 'http://x.cn/?password=s3cret'",
        ],
    )
    def test_no_secret_is_repeated(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(UsageError) as caught:
            load(tmp_path, text)
        error: BaseException | None = caught.value
        words = ""
        while error is not None and not error.__suppress_context__:
            words, error = words + str(error), error.__cause__
        assert "s3cret" not in words + caught.value.text.en + caught.value.text.zh

    @pytest.mark.parametrize("table", ["bank", "console", "retention"])
    def test_a_key_that_is_none_is_named_in_each_table(self, tmp_path: Path, table: str) -> None:
        (line,) = [each for each in refusal(tmp_path, f"[{table}]\nnonsense = 1\n") if "nonsense" in each]
        assert "is not a setting" in line

    @pytest.mark.parametrize(
        ("value", "en", "zh"),
        [
            ("364", "is less than 365", "小于 365"),
            ("99999", "is more than 36500", "大于 36500"),
            ("1.5", "is not a whole number", "不是整数"),
            ("'x'", "is not a whole number", "不是整数"),
        ],
    )
    def test_a_number_that_does_not_fit_is_told_in_both_languages(
        self, tmp_path: Path, value: str, en: str, zh: str
    ) -> None:
        with pytest.raises(UsageError) as caught:
            load(tmp_path, f"[retention]\nmoney_days = {value}\n")
        assert f"retention.money_days: {en}. " in caught.value.text.en
        assert f"retention.money_days：{zh}。" in caught.value.text.zh
        assert "Input" not in caught.value.text.zh

    def test_settings_do_not_print_their_secrets(self, tmp_path: Path) -> None:
        settings = load(tmp_path, "vault_key = 's3cret'\ndatabase_url = 'postgresql://u:s3cret@h/d'")
        assert "s3cret" not in repr(settings) + str(settings.model_dump())


class TestAddresses:
    @pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "localhost", "::1"])
    def test_loopback(self, host: str) -> None:
        assert is_loopback(host)

    @pytest.mark.parametrize(
        "host", ["", "10.0.0.1", "192.0.2.1", "localhost.evil.cn", "127.0.0.1.evil.cn", "::2", "2130706433"]
    )
    def test_not_loopback(self, host: str) -> None:
        assert not is_loopback(host)

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:8801/x",
            "http://LOCALHOST/",
            "http://[::1]:80/a#/b",
            "https://fuwu.taobao.com/ser/order/list.htm#/",
        ],
    )
    def test_usable(self, url: str) -> None:
        assert address_problem(url, allow_http=False) is None

    @pytest.mark.parametrize(
        "url",
        ["", "x", "//x.cn/", "ftp://x.cn/", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://:80/", "http://[::1/",
         "http://x.cn:99999/", "http://x.cn:port/", "https://x.cn/a b", "https://x.cn\n/", "https://u@x.cn/", "https://u:p@x.cn/"],
    )  # fmt: skip
    def test_unusable_even_where_http_is_allowed(self, url: str) -> None:
        assert address_problem(url, allow_http=True) is not None

    @pytest.mark.parametrize(
        "url", ["http://newc.wdgj.com/", "http://127.0.0.1@evil.cn/", "http://192.168.1.5/", "HTTP://x.cn/"]
    )
    def test_plain_http_to_elsewhere(self, url: str) -> None:
        assert is_exposed(url)
        assert address_problem(url, allow_http=False) is not None

    def test_allow_http_counts_for_its_own_table_alone(self, tmp_path: Path) -> None:
        allowed = PLATFORM.replace("127.0.0.1", "x.cn").replace("title", "allow_http = true\ntitle")
        assert load(tmp_path, allowed).platforms[0].login_url == "http://x.cn:8801/login"
        (line,) = refusal(tmp_path, allowed + "[sites.jd]\nlogin_url = 'http://jd.cn/'")
        assert line.startswith("sites.jd.login_url: is plain http")
        assert "途中" in _zh(tmp_path, "[sites.jd]\nlogin_url = 'http://jd.cn/'")

    def test_the_order_of_keys_does_not_matter(self, tmp_path: Path) -> None:
        assert load(tmp_path, "[sites.jd]\nlogin_url = 'http://jd.cn/'\nallow_http = true").sites["jd"].allow_http

    def test_what_is_sent_in_the_clear_is_known(self, tmp_path: Path) -> None:
        settings = load(tmp_path, CONTRACT + "[sites.jd]\nlogin_url = 'http://jd.cn/'\nallow_http = true")
        assert settings.exposed_addresses == ["http://jd.cn/"]
        assert load_settings().exposed_addresses == ["http://newc.wdgj.com/Account/Login"]

    @given(st.text())
    def test_never_fails(self, text: str) -> None:
        for url in (text, f"http://{text}", f"https://x.cn/{text}"):
            address_problem(url, allow_http=False)


def _zh(tmp_path: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    return caught.value.text.zh


def test_the_built_in_platforms_are_the_contracts() -> None:
    assert len(BUILT_IN) == 12


class TestCalendar:
    def test_days_come_as_text_or_as_dates_of_toml(self, tmp_path: Path) -> None:
        settings = load(tmp_path, '[calendar]\nholidays = ["2027-01-01", 2027-02-06]\nworkdays = ["2027-02-07"]')
        days = settings.work_calendar
        assert days.holidays == {date(2027, 1, 1), date(2027, 2, 6)}
        assert days.workdays == {date(2027, 2, 7)}
        assert days.is_announced(2027)

    def test_the_environment_can_give_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FANKUAN_CALENDAR__HOLIDAYS", '["2027-01-01"]')
        assert load_settings(None).calendar.holidays == (date(2027, 1, 1),)

    @pytest.mark.parametrize(
        ("written", "place", "cure"),
        [
            ('holidays = ["2027-02-30"]', "calendar.holidays[0]", "YYYY-MM-DD"),
            ('holidays = ["2027-01-01", "soon"]', "calendar.holidays[1]", "YYYY-MM-DD"),
            ("holidays = [20270101]", "calendar.holidays[0]", "YYYY-MM-DD"),
            ("holidays = [2027-01-01T00:00:00]", "calendar.holidays[0]", "YYYY-MM-DD"),
            ('holidays = ["0027-01-01"]', "calendar.holidays[0]", "2001-01-01"),
            ('holidays = "2027-01-01"', "calendar.holidays", "[ ]"),
            ('workdays = ["2027-02-08"]', "calendar.workdays[0]", "weekend"),
            ('holidays = ["2027-02-07"]\nworkdays = ["2027-02-07"]', "calendar.workdays[0]", "one of the two"),
            ('holiday = ["2027-02-07"]', "calendar.holiday", "holidays"),
        ],
    )
    def test_what_is_wrong_is_told_with_place_and_cure(
        self, tmp_path: Path, written: str, place: str, cure: str
    ) -> None:
        (line,) = refusal(tmp_path, f"[calendar]\n{written}")
        assert line.startswith(f"{place}: ")
        assert cure in line


class TestSchedule:
    def test_a_merchants_word_goes_before_its_platforms_and_that_before_everyones(self, tmp_path: Path) -> None:
        schedule = load(
            tmp_path,
            """
            [schedule]
            hours = "07:30-21:00"
            closed = [2027-02-06]
            [schedule.platforms.jd]
            every_hours = 12
            closed = ["2027-02-07"]
            [schedule.merchants.m1]
            hours = "22:00-06:00"
            """,
        ).schedule
        everyone, jd, m1 = (schedule.policy(AccountKey.parse(name)) for name in ("m2/taobao", "m2/jd", "m1/jd"))
        assert (everyone.begin, everyone.end, everyone.every) == (time(7, 30), time(21), timedelta(days=1))
        assert (jd.begin, jd.every) == (time(7, 30), timedelta(hours=12))
        assert jd.closed == {date(2027, 2, 6), date(2027, 2, 7)}
        assert (m1.begin, m1.end, m1.every) == (time(22), time(6), timedelta(hours=12))

    def test_without_a_word_it_is_the_day(self) -> None:
        assert Settings().schedule.policy(AccountKey("m1", "jd")) == Policy()

    @pytest.mark.parametrize("hours", ["8-22", "08:00", "24:00-25:00", "08:00 - 22:00", "", "٠8:00-22:00"])
    def test_what_is_no_span_of_hours_is_refused(self, hours: str, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, f'[schedule]\nhours = "{hours}"\n')
        assert "schedule.hours" in line
        assert "08:00-22:00" in line

    @pytest.mark.parametrize(
        "wrong", ["every_hours = 0", "at_once = 0", "a_minute = 0", "closed = [7]", "every_days = 1"]
    )
    def test_numbers_out_of_bounds_are_refused(self, wrong: str, tmp_path: Path) -> None:
        assert refusal(tmp_path, f"[schedule]\n{wrong}\n")

    def test_a_platform_that_there_is_not_is_named(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, "[schedule.platforms.taobo]\nevery_hours = 2\n")
        assert "schedule.platforms.taobo" in line
        assert "taobao" in line

    def test_a_setting_that_there_is_not_is_named_also_below(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, "[schedule.platforms.jd]\nat_once = 2\n")
        assert "schedule.platforms.jd.at_once" in line


WORDS = """[sites.taobao]
statuses = { "已 受理" = "completed" }
headings = { order_no = ["流水"] }
number = '[0-9]{16,20}'
confirms = false
confirm_words = ["确认收到"]
empty_words = ["还没有任何订购"]
"""


def test_what_a_page_calls_things(tmp_path: Path) -> None:
    taobao = sites(load(tmp_path, WORDS))["taobao"]
    assert taobao.statuses == {"已受理": OrderStatus.COMPLETED}
    assert taobao.headings == {"order_no": ("流水",)}
    assert taobao.number is not None
    assert taobao.number.fullmatch("3391800120240601117")
    assert (taobao.confirms, taobao.confirm_words, taobao.empty_words) == (False, ("确认收到",), ("还没有任何订购",))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("statuses", '{ "已受理" = "?" }', "is not a status"),
        ("statuses", '{ " " = "completed" }', "has an empty word"),
        ("headings", '{ number = ["流水"] }', "“number” is not a field of an order"),
        ("headings", '{ order_no = [""] }', "has an empty word"),
        ("number", "'[0-9'", "is no regular expression"),
        ("number", "'.*'", "also fits what is no order number"),
        ("confirm_words", '["立即支付"]', "“立即支付” is no confirmation"),
        ("confirm_words", '["取消订单"]', "“取消订单” is no confirmation"),
        ("empty_words", f'["{"空" * 41}"]', "has a word of more than 40 characters"),
        ("confirms", '"maybe"', ""),
    ],
)
@pytest.mark.parametrize("added", [True, False])
def test_a_word_that_cannot_be_meant_is_refused_with_its_key(
    tmp_path: Path, key: str, value: str, told: str, *, added: bool
) -> None:
    platform = PLATFORM if added else "[sites.taobao]"
    (line,) = refusal(tmp_path, f"{platform}\n{key} = {value}\n")
    assert key in line
    assert told in line


def test_only_a_platform_that_is_led_elsewhere_may_be_filed_under_the_merchants_name(tmp_path: Path) -> None:
    config = tmp_path / "f.toml"
    config.write_text('[sites.taobao]\nlogin_url = "http://127.0.0.1:8803/login"\n', encoding="utf-8")
    known = sites(load_settings(config))
    assert (known["taobao"].merchant_as_shop, known["jd"].merchant_as_shop) == (True, False)
