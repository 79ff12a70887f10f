"""Reads the settings file and the environment, and says in which of the two, at which key, something is wrong."""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource, SettingsError

from agent.domain.text import Text
from agent.settings.accepted import FILE, accepted_in, below
from agent.settings.model import (
    BankSettings,
    BrowserSettings,
    CalendarSettings,
    ChannelSettings,
    ConsoleSettings,
    EvidenceStoreSettings,
    RetentionSettings,
    ScheduleSettings,
    Settings,
    WhenSettings,
)
from agent.settings.problems import Problem, instead_of, usage_error
from agent.settings.secret_sources import resolve
from agent.settings.site_model import BackofficeSettings, PlatformSettings, SiteSettings
from agent.sites import BUILT_IN

Tree = dict[str, Any]
Keys = tuple[int | str, ...]

_FOLDERS = ("data_dir", "evidence_folder")
_TABLES: dict[str, type[BaseModel]] = {
    "browser": BrowserSettings,
    "calendar": CalendarSettings,
    "backoffice": BackofficeSettings,
    "sites": SiteSettings,
    "platforms": PlatformSettings,
    "notify": ChannelSettings,
    "evidence_store": EvidenceStoreSettings,
    "schedule": ScheduleSettings,
    "bank": BankSettings,
    "console": ConsoleSettings,
    "retention": RetentionSettings,
}
_BOUNDS = {
    "greater_than_equal": ("is less than", "小于", "ge"),
    "less_than_equal": ("is more than", "大于", "le"),
}
_REASONS = {
    "missing": (Text("is missing", "缺失"), Text("Add it.", "请补上。")),
    "string_type": (Text("is not text", "不是文本"), Text("Write it in quotes.", "请加引号。")),
    "string_too_short": (Text("is empty", "为空"), Text("Fill it in or leave it out.", "请填写或删除该项。")),
    "too_short": (Text("is empty", "为空"), Text("Name at least one.", "请至少填写一项。")),
    "bool": (
        Text("is neither true nor false", "不是 true 或 false"),
        Text("Write true or false.", "请写 true 或 false。"),
    ),
    "literal_error": (
        Text("is not a language", "不是可用的语言"),
        Text('Write "zh" or "en".', '请写 "zh" 或 "en"。'),
    ),
    "int": (Text("is not a whole number", "不是整数"), Text("Write digits alone.", "请只写数字。")),
    "tuple_type": (Text("is not a list", "不是列表"), Text("Write it in [ ].", "请写在 [ ] 中。")),
    "path_type": (Text("is not a path", "不是路径"), Text("Write it in quotes.", "请加引号。")),
    "model": (
        Text("is not a table", "不是一个表"),
        Text("Write its settings below a heading in [ ].", "请写在 [ ] 标题之下。"),
    ),
    "dict": (
        Text("is not a table", "不是一个表"),
        Text("Write its settings below a heading in [ ].", "请写在 [ ] 标题之下。"),
    ),
}
# The pattern of all other text only asks for something besides blanks.
_PATTERNS = {
    "id": Text(
        "Use small letters, digits, - and _; the first is a letter or digit.",
        "请只用小写字母、数字、- 和 _，且以字母或数字开头。",
    ),
    "network": Text("Write the name of a host, such as cdn.example.com.", "请写主机名，例如 cdn.example.com。"),
    "currency": Text("Write three capital letters, such as CNY.", "请写三个大写字母，例如 CNY。"),
}


class Sources:
    """A settings file, if there is one, with what the environment puts over it."""

    def __init__(self, config: Path | None) -> None:
        """Read both. Raise UsageError for a file that is missing or no TOML, and for misspelt variables."""
        named = config or os.environ.get("FANKUAN_CONFIG")
        self.path = Path(named) if named else None
        self.environment = _environment()
        self.tree = _over(_file(self.path) if self.path else {}, self.environment)

    def place(self, keys: Keys) -> str:
        """The variable that `keys` came from, else the file and the key path in it."""
        if self._is_from_environment(keys):
            return "FANKUAN_" + "__".join(str(k) for k in keys if isinstance(k, str)).upper()
        dotted = "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in keys).lstrip(".")
        return f"{self.path}: {dotted}" if self.path else dotted

    def _is_from_environment(self, keys: Keys) -> bool:
        at: Any = self.environment
        for key in keys:
            if not isinstance(at, Mapping):
                break
            if key not in at:
                return False
            at = at[key]
        return True


def load_settings(config: Path | None = None) -> Settings:
    """The settings of the file `config` (else of FANKUAN_CONFIG, else of none) and of the environment.

    Raise UsageError, which lists all that is wrong with its place and its cure.
    """
    sources = Sources(config)
    folder = sources.path.absolute().parent if sources.path else Path.cwd()
    problems = [*_clashes(sources), *resolve(sources.tree, folder, sources.place)]
    try:
        settings = Settings(**sources.tree)
    except ValidationError as error:
        told = error.errors(include_input=False, include_url=False)
        problems += [_problem(sources, details) for details in told]
        raise usage_error(problems) from None  # the cause would print what was written, secrets too
    if problems:
        raise usage_error(problems)
    return _with_accepted(sources, settings)


def _with_accepted(sources: Sources, settings: Settings) -> Settings:
    """The settings with what probes found and somebody accepted, wherever they say nothing themselves."""
    path = settings.data_dir / FILE
    try:
        found = accepted_in(settings.data_dir)
        return Settings(**below(sources.tree, found)) if found else settings
    except tomllib.TOMLDecodeError as error:
        raise usage_error([_bad_toml(path, str(error))]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise usage_error([_unreadable(path, error)]) from error
    except ValidationError as error:
        keys = ".".join(str(k) for k in error.errors(include_input=False, include_url=False)[0]["loc"])
        wrong = Text("does not fit this version", "与当前版本不符")
        raise usage_error([Problem(f"{path}: {keys}", wrong, Text("Delete it.", "请删除该项。"))]) from None


def _file(path: Path) -> Tree:
    try:
        tree = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise usage_error([_bad_toml(path, str(error))]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise usage_error([_unreadable(path, error)]) from error
    for name in _FOLDERS:
        if isinstance(written := tree.get(name), str) and written:
            tree[name] = path.absolute().parent / Path(written).expanduser()
    return tree


def _environment() -> Tree:
    try:
        tree = EnvSettingsSource(Settings)()
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = f"FANKUAN_{field[1].upper()}" if field else "FANKUAN_…"
        cure = Text("Write it as JSON, or put it into a settings file.", "请写成 JSON，或写入设置文件。")
        raise usage_error([Problem(name, Text("cannot be read", "无法读取"), cure)]) from None
    if misspelt := list(_misspelt(os.environ)):
        raise usage_error(misspelt)
    for name in _FOLDERS:
        if tree.get(name):
            tree[name] = Path(tree[name]).expanduser().absolute()
    return tree


def _misspelt(variables: Iterable[str]) -> Iterator[Problem]:
    # Others may use the prefix for their own ends, so only what looks like a slip is refused.
    known = [f"FANKUAN_{field}".upper() for field in (*Settings.model_fields, "config")]
    for name in variables:
        top = name.partition("__")[0].upper()
        near = get_close_matches(top, known, n=1, cutoff=0.85) if top.startswith("FANKUAN_") else []
        if near and near[0] != top:
            cure = Text(f"Did you mean {near[0]}?", f"是否应为 {near[0]}？")
            yield Problem(name, Text("is not a setting", "不是有效设置"), cure)


def _over(below: Tree, above: Tree) -> Tree:
    both = {k: _over(below[k], v) for k, v in above.items() if isinstance(v, dict) and isinstance(below.get(k), dict)}
    return {**below, **above, **both}


def _clashes(sources: Sources) -> Iterator[Problem]:
    written = sources.tree.get("platforms")
    platforms = [p.get("id") if isinstance(p, dict) else None for p in written] if isinstance(written, list) else []
    for index, name in enumerate(platforms):
        keys = ("platforms", index, "id")
        if name in BUILT_IN:
            cure = Text(
                f"Choose another id, or change [sites.{name}] instead.", f"请换一个 id，或改用 [sites.{name}]。"
            )
            yield Problem(sources.place(keys), Text(f"“{name}” is built in", f"“{name}”是内置平台"), cure)
        elif name is not None and name in platforms[:index]:
            cure = Text("Give each platform an id of its own.", "请为每个平台使用不同的 id。")
            yield Problem(sources.place(keys), Text(f"“{name}” is there twice", f"“{name}”重复"), cure)
    sites = sources.tree.get("sites")
    for name in sites if isinstance(sites, dict) else ():
        if name not in BUILT_IN:
            reason = Text("is not a built-in platform", "不是内置平台")
            yield Problem(sources.place(("sites", name)), reason, instead_of(name, BUILT_IN))
    schedule, known = sources.tree.get("schedule"), {*BUILT_IN, *(str(name) for name in platforms)}
    scheduled = schedule.get("platforms") if isinstance(schedule, dict) else None
    for name in scheduled if isinstance(scheduled, dict) else ():
        if name not in known:
            place = sources.place(("schedule", "platforms", name))
            yield Problem(place, Text("is not a platform", "不是已知平台"), instead_of(name, known))


def _problem(sources: Sources, details: ErrorDetails) -> Problem:
    keys = details["loc"]
    place, kind, context = sources.place(keys), details["type"], details.get("ctx", {})
    if kind == "told":
        return Problem(place, context["reason"], context["cure"])
    if kind == "extra_forbidden":
        table = _TABLES[str(keys[0])] if len(keys) > 1 else Settings
        table = WhenSettings if table is ScheduleSettings and len(keys) > 2 else table
        cure = instead_of(str(keys[-1]), table.model_fields)
        return Problem(place, Text("is not a setting", "不是有效设置"), cure)
    if kind == "string_pattern_mismatch":
        named = next((str(key) for key in reversed(keys) if isinstance(key, str)), "")
        cure = _PATTERNS.get(named, _REASONS["string_too_short"][1])
        return Problem(place, Text("has a wrong form", "格式不正确"), cure)
    if kind in _BOUNDS:
        en, zh, name = _BOUNDS[kind]
        return Problem(place, Text(f"{en} {context[name]}", f"{zh} {context[name]}"), Text("Correct it.", "请更正。"))
    told = next((told for start, told in _REASONS.items() if kind.startswith(start)), None)
    reason, cure = told or (Text(details["msg"], details["msg"]), Text("Correct it.", "请更正。"))
    return Problem(place, reason, cure)


def _bad_toml(path: Path, text: str) -> Problem:
    reason = Text(f"is not valid TOML: {text}", f"不是有效的 TOML：{text}")
    return Problem(
        str(path),
        reason,
        Text('Correct that line; text stands in quotes: key = "value".', '请更正该行；文本要加引号：key = "value"。'),
    )


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        return Problem(
            str(path), Text("is not UTF-8", "不是 UTF-8 编码"), Text("Save it as UTF-8.", "请另存为 UTF-8 编码。")
        )
    reason = Text(f"cannot be read ({error.strerror})", f"无法读取（{error.strerror}）")
    cure = Text(
        "Name an existing file with --config or FANKUAN_CONFIG.", "请用 --config 或 FANKUAN_CONFIG 指定存在的文件。"
    )
    return Problem(str(path), reason, cure)
