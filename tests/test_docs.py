"""What the documents say is so: their examples load and run, and what they name exists."""

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from pydantic import BaseModel

import agent.sites
from agent.cli.app import app
from agent.cli.fleet import Waits
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import AccountError, Outcome
from agent.domain.login_errors import Demand
from agent.domain.orders import OrderStatus
from agent.domain.reasons import REASONS
from agent.importing import read_merchants
from agent.importing.records import ACCOUNT, MERCHANT
from agent.notify.notices import Kind
from agent.pages.vocabulary import ORDER_FIELDS
from agent.sandbox.core.control import FAULTS
from agent.settings import Settings, load_settings, model, sites
from agent.settings.site_model import Section
from agent.sites import Site
from agent.sites.declared import declared
from scripts import make_platforms

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
TOPICS = (
    *("configuration", "operation", "logins", "notifications", "schedule", "money", "console", "debugging", "fleet"),
    *("going-live", "recordings"),
)
PAIRS = (READMES, *((f"docs/{topic}.md", f"docs/{topic}.zh-CN.md") for topic in TOPICS))
FOR_OPERATORS = tuple(document for pair in PAIRS for document in pair)
DOCUMENTS = (*(p.name for p in sorted(ROOT.glob("*.md"))), *(f"docs/{p.name}" for p in sorted(ROOT.glob("docs/*.md"))))
CONFIGURATION = ("docs/configuration.md", "docs/configuration.zh-CN.md")
OPERATION = ("docs/operation.md", "docs/operation.zh-CN.md")
LOGINS = ("docs/logins.md", "docs/logins.zh-CN.md")
NOTIFICATIONS = ("docs/notifications.md", "docs/notifications.zh-CN.md")
_PAGES = ("confirm-dialog.png", "refund-form.png", "console-today.png", "console-money.png", "console-order.png")
PICTURES = {"demo.svg": 60_000, **dict.fromkeys(_PAGES, 150_000)}
# Written in pieces, so that this file is not one that holds them.
PRIVATE = ("../sh" + "ared", "/work/sh" + "ared")
INDEX = re.compile(r"--(extra-)?index-url|\bindex-url\s*=|https?://[^\s\"')]*/simple\b|" + r"files\.python" + "hosted")


@cache
def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str, language: str) -> list[str]:
    """The fenced examples in one language, as they stand."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(document), re.DOTALL | re.MULTILINE)


def the_block(document: str, language: str, mark: str) -> str:
    """The one example that holds a mark."""
    (found,) = [block for block in blocks(document, language) if mark in block]
    return found


def prose(document: str) -> str:
    """Return the text without its fenced examples."""
    return re.sub(r"^```.*?^```$", "", text_of(document), flags=re.DOTALL | re.MULTILINE)


def quoted(document: str) -> set[str]:
    """Return what stands in backticks outside the fenced examples."""
    return set(re.findall(r"`([^`\n]+)`", prose(document)))


def code(block: str) -> str:
    """Return an example without its remarks; a setting that is commented out counts as set."""
    lines = [re.sub(r"^# (?=\[|[a-z_]+ = )", "", line) for line in block.splitlines()]
    return "\n".join(re.sub(r"(^|\s+)# .*$", "", line) for line in lines)


def anchors(document: str) -> set[str]:
    """Return the names that a host of the repository gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def loaded(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "fankuan.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


@cache
def written_site() -> Site:
    """The site that the example in CONTRIBUTING.md declares."""
    names: dict[str, Any] = {"__name__": "agent.sites.example"}
    exec(the_block("CONTRIBUTING.md", "python", "Site("), names)  # noqa: S102 - our own document
    (made,) = [value for value in names.values() if isinstance(value, Site)]
    return made


def commands_of(command: Any, before: str = "") -> dict[str, Any]:  # noqa: ANN401 - of Typer's own copy of click
    """Every command that can be called, by its words."""
    if not hasattr(command, "commands"):
        return {before: command}
    found = [{before: command}] if command.invoke_without_command and before else []
    found += [commands_of(inner, f"{before} {name}".strip()) for name, inner in command.commands.items()]
    return {name: inner for part in found for name, inner in part.items()}


CLI = commands_of(typer.main.get_command(app))


def table_of_commands(document: str) -> dict[str, str]:
    """What the table of commands says after `fankuan`, by the words of the command."""
    rows = re.findall(r"^\| `fankuan ([^`]+)` \|", text_of(document), re.MULTILINE)
    return {" ".join(re.findall(r"^[a-z-]+(?: [a-z]+)*", row)): row for row in rows}


def options_of(words: str) -> set[str]:
    """Return the options of a command."""
    return {option for parameter in CLI[words].params for option in parameter.opts if option.startswith("--")}


def calls_in(document: str) -> list[tuple[str, set[str]]]:
    """Return each call of fankuan that a document shows, in an example or in backticks: its command and its options."""
    typed = [line for block in blocks(document, "sh") for line in code(block).splitlines()]
    shown = re.findall(
        r"^(?:\S+/)?fankuan (?:--config \S+ )?(.+)$", "\n".join([*typed, *quoted(document)]), re.MULTILINE
    )
    found = [(max((n for n in CLI if f"{call} ".startswith(f"{n} ")), key=len, default=""), call) for call in shown]
    return [(command, set(re.findall(r"--[a-z-]+", call))) for command, call in found if command]


def kinds_of(base: type[Exception]) -> set[type[Exception]]:
    """Return a class of errors with all that derive from it."""
    return {base}.union(*(kinds_of(kind) for kind in base.__subclasses__()))


def reasons() -> set[str]:
    """Return the reasons for which an account can end or a step wait, without those of challenges."""
    kinds = kinds_of(AccountError)
    constant = {vars(kind).get("reason") for kind in kinds if kind.__module__.startswith("agent.")}
    return {*(reason for reason in constant if isinstance(reason, str)), *Demand, *REASONS}


def settings_models() -> list[type[BaseModel]]:
    """Return the tables of the settings."""
    return [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Section | Settings)]


# adding a platform


def test_the_platform_by_settings_alone_is_known(tmp_path: Path) -> None:
    known = sites(loaded(tmp_path, the_block("CONTRIBUTING.md", "toml", "[[platforms]]")))
    assert known["newplace"].services == ("网店管家云端版", "FW_GOODS-1870412")
    assert str(known["newplace"].rule) == "5 working days"


def test_the_platform_as_a_file_is_short_and_says_the_same(tmp_path: Path) -> None:
    assert len(the_block("CONTRIBUTING.md", "python", "Site(").splitlines()) < 20
    made = written_site()
    added = sites(loaded(tmp_path, the_block("CONTRIBUTING.md", "toml", "[[platforms]]")))[made.id]
    same = ("id", "title", "login_url", "orders_url", "services", "rule", "filing_name")
    assert [getattr(made, name) for name in same] == [getattr(added, name) for name in same]


def test_the_platform_as_a_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A folder more in which the package's modules are looked for, as if the file were in it.
    (tmp_path / "newplace.py").write_text(the_block("CONTRIBUTING.md", "python", "Site("), encoding="utf-8")
    monkeypatch.setattr(agent.sites, "__path__", [*agent.sites.__path__, str(tmp_path)])
    assert declared([str(tmp_path)])["newplace"] == written_site()


# what operators read


@pytest.mark.parametrize("document", READMES)
def test_the_readme_is_short(document: str) -> None:
    assert len(text_of(document).encode()) < 8000


@pytest.mark.parametrize("document", READMES)
def test_the_readme_shows_the_two_commands(document: str) -> None:
    assert [line.split("#")[0].split() for line in the_block(document, "sh", "make").splitlines()] == [
        ["make", "demo"],
        ["make", "test"],
    ]


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_parts(english: str, chinese: str) -> None:
    assert re.findall(r"^#+ ", prose(english), re.MULTILINE) == re.findall(r"^#+ ", prose(chinese), re.MULTILINE)
    for mark in (r"^\| ", r"^- ", r"!\[", r"\]\("):
        counts = [len(re.findall(mark, prose(document), re.MULTILINE)) for document in (english, chinese)]
        assert counts[0] == counts[1], mark


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_show_the_same_settings_and_commands(english: str, chinese: str) -> None:
    for language in ("toml", "sh"):
        shown = [[code(block) for block in blocks(document, language)] for document in (english, chinese)]
        assert shown[0] == shown[1]
    fences = [re.findall(r"^```.*$", text_of(document), re.MULTILINE) for document in (english, chinese)]
    assert fences[0] == fences[1]


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_name_the_same_things(english: str, chinese: str) -> None:
    assert {name for name in quoted(english) if name.isascii()} == {name for name in quoted(chinese) if name.isascii()}


@pytest.mark.parametrize(("english", "chinese"), PAIRS[1:])
def test_each_page_leads_back_and_to_the_other_language(english: str, chinese: str) -> None:
    for document, readme, other in ((english, READMES[0], chinese), (chinese, READMES[1], english)):
        head = text_of(document).partition("\n## ")[0].split("```")[0]
        assert f"](../{readme})" in head
        assert f"]({Path(other).name})" in head
        assert f"]({document})" in text_of(readme)


@pytest.mark.parametrize("document", FOR_OPERATORS)
def test_every_example_of_settings_loads(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_KEY", "secret")
    for block in blocks(document, "toml"):
        if "[[merchants]]" not in block:
            assert loaded(tmp_path, code(block)).model_fields_set


@pytest.mark.parametrize("document", CONFIGURATION)
def test_the_settings_add_a_platform(document: str, tmp_path: Path) -> None:
    settings = loaded(tmp_path, the_block(document, "toml", "[[platforms]]"))
    assert settings.data_dir == tmp_path / "var"
    assert set(sites(settings)) == {*sites(Settings()), "newplace"}


def test_every_setting_is_shown() -> None:
    shown = "\n".join(text_of(document) for document in FOR_OPERATORS)
    missing = [name for kind in settings_models() for name in kind.model_fields if not re.search(rf"\b{name}\b", shown)]
    assert missing == []


@pytest.mark.parametrize("document", ["docs/notifications.md", "docs/notifications.zh-CN.md"])
def test_every_kind_of_notice_is_named_to_who_receives_it(document: str) -> None:
    assert {*re.findall("`([a-z]+)`", text_of(document))} >= {"test", *(kind.name.lower() for kind in Kind)}


@pytest.mark.parametrize("document", FOR_OPERATORS)
def test_every_setting_and_reason_that_is_named_exists(document: str) -> None:
    fields = {name for kind in settings_models() for name in kind.model_fields}
    columns = {part for name in (*MERCHANT, *ACCOUNT, *ORDER_FIELDS, *OrderStatus) for part in (name, *name.split("."))}
    elsewhere = {
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "foreign_agent",
        *FAULTS,
        *Outcome,
        *(f"challenge_{kind}" for kind in ChallengeKind),
    }
    elsewhere |= {"taken_up", "pg_dump", *Waits}
    editions = set(re.findall(r"[a-z]+_[a-z]+", the_block("README.md", "toml", "[[merchants]]")))
    known = fields | columns | elsewhere | reasons() | editions
    parts = {part for name in quoted(document) for part in re.findall(r"(?<![\w/-])[a-z]+(?:_[a-z]+)+(?![\w-])", name)}
    assert parts <= known
    tables = {part for name in quoted(document) for part in re.findall(r"^\[+([a-z_]+)", name)}
    assert tables <= set(Settings.model_fields)


@pytest.mark.parametrize("document", FOR_OPERATORS)
def test_every_variable_that_is_named_exists(document: str) -> None:
    for name in re.findall(r"FANKUAN_([A-Z_]+)", text_of(document)):
        table, _, key = name.lower().partition("__")
        if name not in ("CONFIG", "TRANSFER_KEY"):
            assert table in Settings.model_fields, name
        if key:
            assert key in getattr(Settings(), table).__class__.model_fields, name


@pytest.mark.parametrize("document", OPERATION)
def test_every_reason_is_told(document: str) -> None:
    assert reasons() <= quoted(document)


@pytest.mark.parametrize("document", LOGINS)
def test_every_challenge_is_told(document: str) -> None:
    own = {ChallengeKind.SHOP: "shop_not_named", ChallengeKind.AGREEMENT: "agreement"}
    assert {own.get(kind, f"challenge_{kind}") for kind in ChallengeKind} <= quoted(document)


@pytest.mark.parametrize("document", NOTIFICATIONS)
def test_every_kind_of_notice_that_a_webhook_is_sent_is_told(document: str) -> None:
    assert {*(kind.name.lower() for kind in Kind), "test"} <= quoted(document)


@pytest.mark.parametrize("document", CONFIGURATION)
def test_the_built_in_platforms_are_named(document: str) -> None:
    assert set(sites(Settings())) <= set(re.findall(r"`([a-z0-9]+)`", text_of(document)))


@pytest.mark.parametrize("document", CONFIGURATION)
def test_every_column_of_a_merchants_file_is_named(document: str) -> None:
    assert {*MERCHANT, *ACCOUNT} <= quoted(document)


def test_the_table_of_platforms_is_what_the_declarations_say() -> None:
    assert text_of("docs/platforms.md") == make_platforms.document()


@pytest.mark.parametrize("document", READMES)
def test_the_merchants_can_be_imported(document: str, tmp_path: Path) -> None:
    file = tmp_path / "merchants.toml"
    file.write_text(the_block(document, "toml", "[[merchants]]"), encoding="utf-8")
    (merchant,) = read_merchants(file, {name: site.title for name, site in sites(Settings()).items()}).merchants
    assert (merchant.id, merchant.accounts[0].key.platform) == ("m1", "taobao")
    assert merchant.payee is not None


@pytest.mark.parametrize("document", OPERATION)
def test_the_table_names_the_commands_that_there_are(document: str) -> None:
    assert sorted(table_of_commands(document)) == sorted(CLI)


@pytest.mark.parametrize("document", OPERATION)
def test_the_table_names_the_options_that_there_are(document: str) -> None:
    for words, row in table_of_commands(document).items():
        assert set(re.findall(r"--[a-z-]+", row)) == options_of(words) - {"--help"}, words


@pytest.mark.parametrize("document", FOR_OPERATORS)
def test_every_option_that_is_named_exists(document: str) -> None:
    for words, options in calls_in(document):
        assert options <= options_of(words), words
    alone = {option for name in quoted(document) if name.startswith("--") for option in re.findall(r"--[a-z-]+", name)}
    assert alone <= set().union(*(options_of(words) for words in CLI))


@pytest.mark.parametrize("document", READMES)
def test_the_pictures_are_there_and_small(document: str) -> None:
    shown = re.findall(r"docs/images/([\w.-]+)", text_of(document))
    assert set(shown) == set(PICTURES)
    for name, limit in PICTURES.items():
        assert 1000 < (ROOT / "docs/images" / name).stat().st_size < limit


# all documents


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    here = (ROOT / document).parent
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text_of(document))
    named = re.findall(r"`((?:agent|benchmarks|deploy|docs|scripts|tests)/[\w./-]+)`", text_of(document))
    made_up = {"agent/sites/newplace.py"}
    missing = [p for p in linked if not (here / p).exists()] + [p for p in named if not (ROOT / p).exists()]
    assert set(missing) <= made_up


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_heading_that_is_linked_exists(document: str) -> None:
    here = (ROOT / document).parent
    linked = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", text_of(document))
    paths = [
        ((here / path).resolve().relative_to(ROOT.resolve()) if path else Path(document), to) for path, to in linked
    ]
    assert [f"{path}#{to}" for path, to in paths if to not in anchors(str(path))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_exists(document: str) -> None:
    typed = ["`" + line for block in blocks(document, "sh") for line in block.splitlines()]
    told = re.findall(r"`(?:\S+/)?fankuan (?:--config \S+ )?([a-z][a-z-]+)", "\n".join([text_of(document), *typed]))
    assert set(told) <= {name.split()[0] for name in CLI}


def test_no_file_names_a_private_place_or_an_index() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    found = {}
    for file in (f for f in files if f.is_file()):
        text = file.read_bytes().decode("utf-8", errors="ignore")
        if bad := [word for word in PRIVATE if word in text] + [m[0] for m in INDEX.finditer(text)]:
            found[str(file.relative_to(ROOT))] = bad
    assert found == {}


def test_every_test_that_the_table_of_threats_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text_of("docs/security.md"))
    assert len(named) > 20
    missing = [f"{path}::{name}" for path, name in named if f"def {name}" not in text_of(path)]
    assert missing == []


# the fleet


def test_the_settings_of_the_containers_load(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("postgresql://fankuan:x@database/fankuan", encoding="utf-8")
    secret.chmod(0o600)
    given = text_of("deploy/fankuan.toml")
    found = loaded(tmp_path, re.sub(r"/run/secrets/\w+", str(secret), given))
    assert found.database_url is not None
    assert found.schedule.at_once == 4


def test_the_containers_are_started_with_commands_and_secrets_that_there_are() -> None:
    composed = yaml.safe_load(text_of("deploy/compose.yaml"))
    assert {name: composed["services"][name]["command"][0] for name in ("serve", "worker")} == {
        "serve": "serve",
        "worker": "worker",
    }
    mounted = set(re.findall(r"/run/secrets/(\w+)", text_of("deploy/fankuan.toml")))
    for name in ("serve", "worker"):
        assert mounted <= set(composed["services"][name]["secrets"]) <= set(composed["secrets"])


@pytest.mark.parametrize("kind", ["serve", "worker"])
def test_the_units_start_commands_that_there_are(kind: str) -> None:
    (command,) = re.findall(r"^ExecStart=\S+/fankuan (\w+)", text_of(f"deploy/fankuan-{kind}.service"), re.MULTILINE)
    assert command == kind
    assert kind in CLI


def test_the_manifests_start_commands_that_there_are_with_settings_that_load(tmp_path: Path) -> None:
    manifests = [*yaml.safe_load_all(text_of("deploy/kubernetes.yaml"))]
    pods = {
        each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in manifests if each["kind"] == "Deployment"
    }
    assert {name: pod["containers"][0]["args"][0] for name, pod in pods.items()} == {
        "fankuan-serve": "serve",
        "fankuan-worker": "worker",
    }
    for pod in pods.values():
        mounted = {mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}
    secret = tmp_path / "secret"
    secret.write_text("postgresql://fankuan:x@database/fankuan", encoding="utf-8")
    secret.chmod(0o600)
    (settings,) = [each["data"]["fankuan.toml"] for each in manifests if each["kind"] == "ConfigMap"]
    found = loaded(tmp_path, re.sub(r"/run/secrets/fankuan/\w+", str(secret), settings))
    assert found.schedule.at_once == 4
