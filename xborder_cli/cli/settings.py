"""Settings that stand in files: xb.toml in the project, then the user's own.

A flag wins over XB_*, XB_* over the project's file, that over the user's. Folders of tables and
assumed rates add up instead; the nearer one is laid on top.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE = "xb.toml"
COMMANDS = ("quote", "explain", "duty", "batch", "verify")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the files say, nearest last in the lists."""

    files: tuple[Path, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)  # flag -> value, for every command
    by_command: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    rates: tuple[Path, ...] = ()
    assume: tuple[str, ...] = ()

    def for_command(self, command: str) -> dict[str, object]:
        """Return the values that hold for a command, by flag."""
        return {**self.values, **self.by_command.get(command, {})}


def files() -> Iterator[Path]:
    """Yield the files that hold here: the user's, then the project's.

    XB_CONFIG names the only file to read; when it is empty, none is.
    """
    named = os.environ.get("XB_CONFIG")
    if named is not None:
        if named:
            yield Path(named)
        return
    from platformdirs import user_config_path

    user = user_config_path("xb", appauthor=False) / FILE
    if user.is_file():
        yield user
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            yield folder / FILE
            return


def load(known_flags: set[str]) -> Settings:
    """Return the settings of every file that holds here.

    Raises:
        UsageError: a file is broken, or sets what no command has.
    """
    found = tuple(files())
    values: dict[str, object] = {}
    by_command: dict[str, dict[str, object]] = {}
    rates: list[Path] = []
    assume: list[str] = []
    problems: list[Problem] = []
    for path in found:
        for key, value in _read(path).items():
            name = key.replace("_", "-")
            if name == "rates":
                texts = value if isinstance(value, list) else [value]
                rates += [path.parent / Path(str(text)).expanduser() for text in texts]
            elif name == "assume" and isinstance(value, dict):
                assume += [f"{charge}={rate}" for charge, rate in value.items()]
            elif name in COMMANDS and isinstance(value, dict):
                own = {flag.replace("_", "-"): v for flag, v in value.items()}
                problems += [_unknown(path, f, known_flags) for f in own if f not in known_flags]
                by_command.setdefault(name, {}).update(own)
            elif name in known_flags and not isinstance(value, dict):
                values[name] = value
            else:
                problems.append(_unknown(path, key, known_flags))
    if problems:
        raise UsageError(problems)
    return Settings(
        files=found, values=values, by_command=by_command, rates=tuple(rates), assume=tuple(assume)
    )


def _read(path: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise UsageError(Problem(code="no-settings", where=Where(str(path)), what=what)) from None
    except UnicodeDecodeError:
        problem = Problem(code="bad-settings", where=Where(str(path)), what="is not UTF-8")
        raise UsageError(problem) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        what = f"is not TOML: {str(error).partition(' (at ')[0].lower()}"
        where = Where(str(path), line, column)
        raise UsageError(Problem(code="bad-settings", where=where, what=what)) from None


def _unknown(path: Path, key: str, known: set[str]) -> Problem:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    pattern = re.compile(rf'\s*\[?"?{re.escape(key).replace("-", "[-_]")}\b')
    line = next((n for n, text in enumerate(lines, 1) if pattern.match(text)), 0)
    near = difflib.get_close_matches(key, sorted(known | {"rates", "assume"}), 1)
    fix = f"did you mean {near[0]}?" if near else "settings have the names of the flags"
    what = f"no setting {key}"
    return Problem(code="unknown-setting", where=Where(str(path), line), what=what, fix=fix)
