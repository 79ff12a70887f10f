"""What probes found and an operator accepted, as this installation's own declaration: a file that people can read.

It stands in `data_dir`, below the settings file: what is set there counts more. Delete a line, or the file, to undo it.
"""

import json
import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from agent.files import write_whole
from agent.sites import BUILT_IN

Tree = dict[str, Any]
FILE = "accepted.toml"
_HEAD = "# Kept by `fankuan probe --accept`. The settings file counts more. Delete a line, or this file, to undo it.\n"


def accepted_in(folder: Path) -> dict[str, Tree]:
    """Return what was accepted, by the platform's id; nothing if there is no such file.

    Raise tomllib.TOMLDecodeError if somebody has spoilt it, and OSError if it cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: dict(table) for name, table in found.get("sites", {}).items()}


def accept(folder: Path, site_id: str, found: Mapping[str, Any]) -> Path:
    """Keep what was found of a platform, in the place of the same keys that were kept before. Return the file."""
    known = accepted_in(folder)
    known[site_id] = known.get(site_id, {}) | dict(found)
    path = folder / FILE
    told = _HEAD + "".join(_table(name, table) for name, table in sorted(known.items()))
    write_whole(path, partial(Path.write_text, data=told, encoding="utf-8"))
    return path


def below(tree: Tree, accepted: Mapping[str, Tree]) -> Tree:
    """Return the settings with what was accepted wherever they say nothing themselves."""
    added = [dict(p) for p in tree.get("platforms", ()) if isinstance(p, Mapping)]
    own = {str(p.get("id")) for p in added}
    for platform in added:
        for key, value in accepted.get(str(platform.get("id")), {}).items():
            platform.setdefault(key, value)
    sites = {name: dict(table) for name, table in tree.get("sites", {}).items()}
    for name, table in accepted.items():
        if name not in own and name in BUILT_IN:  # one that was added by settings may be gone from them
            sites[name] = {**table, **sites.get(name, {})}
    return {**tree, **({"platforms": added} if added else {}), **({"sites": sites} if sites else {})}


def _table(name: str, table: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in sorted(table.items())]
    return "\n".join(["", f"[sites.{json.dumps(name)}]", *lines, ""])


def _value(value: object) -> str:
    """A value as TOML: text, a list of texts, or a table of such."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {_value(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
