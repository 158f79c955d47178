"""Writes docs/cli.md from the program itself: `python -m tests.docs_pages`, or `make docs`."""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "cli.md"
RECORDED = ROOT / "tests" / "cli"

STATUSES = {
    "OK": "all answered",
    "PARTLY": "answered, but something was left out or found wrong: a rejected row, an order or"
    " parcel without any option, a quote that no longer holds",
    "USAGE": "the command line cannot be understood, or asks for what cannot be",
    "ORDERS": "orders or a quote cannot be read at all",
    "TABLES": "tables are broken, or silent about what was asked",
    "BUG": "a bug of ours; `XB_DEBUG=1` shows where",
    "INTERRUPTED": "Ctrl-C",
    "PIPE_CLOSED": "whoever read our output stopped reading (`| head`)",
}
VARIABLES = {
    "XB_RATES": "folders of tables laid over the bundled ones, separated by `:` (`;` on Windows);"
    " those of `--rates` lie above",
    "XB_CONFIG": "the only settings file to read; empty: none",
    "XB_CACHE": "where compiled tables are kept",
    "XB_DEBUG": "when set, errors come with a traceback",
    "NO_COLOR": "when set, no colour; so does `TERM=dumb`",
    "COLUMNS": "width of tables, instead of the terminal's",
}
SETTINGS = """\
A value is looked for in the flag, then in its `XB_*` variable, then in `xb.toml` of the project
(the working folder or the nearest one above it that has the file), then in the user's own `xb.toml`
(`xb rates where` says which files were read), then the default holds. Keys are the names of the
flags. Folders of tables and assumed rates add up instead, the nearer laid on top.

```toml
from = "CN"
currency = "USD"
rates = ["contracts"]          # beside this file

[assume]
9610-air = "28 CNY / kg"

[quote]                        # for one command
by = "value"
day-value = "2 USD"
```
"""
JSON_WORDS = """\
Amounts are decimal texts with all digits of their currency, days are ISO dates, what is not known
is `null`. In every option `freight + duty + tax + fees == total == seller_pays + buyer_pays ==` the
sum of `in_quote_currency` over `charges`, to the minor unit. `kind` says to which of the four sums
a charge belongs; a charge that the price of another holds already is `included` and counts 0. `leg`
is the index in `legs`, `null` for what a market charges. `complete: false` means at least: a charge
exists whose amount is not known, and `unknown` names it. Keys may be added; none is renamed or
removed, and none changes its meaning, but with the number of `schema`. `xb verify` prices a
document again.
"""


def page() -> str:
    """Return the text of docs/cli.md."""
    parts = ["# Commands\n", "Made by `make docs` from the program; edit the program instead.\n"]
    for words, text in helps():
        depth = "##" if len(words) < 3 else "###"
        parts.append(f"{depth} {' '.join(words)}\n\n```\n{text}\n```\n")
    parts.append("## Exit status\n\n| status | means |\n|---|---|")
    from xborder_cli.errors import ExitCode

    parts.append("\n".join(f"| {int(one)} | {STATUSES[one.name]} |" for one in ExitCode) + "\n")
    parts.append("## Environment\n\n| variable | sets |\n|---|---|")
    rows = {**dict(variables()), **VARIABLES}
    parts.append(
        "\n".join(f"| `{name}` | {words} |" for name, words in sorted(rows.items())) + "\n"
    )
    parts.append(f"## Settings\n\n{SETTINGS}")
    parts.append(f"## Columns\n\n{columns()}")
    parts.append(f"## JSON\n\n{JSON_WORDS}")
    for case, name in (("quote_json", "xb.quote/1"), ("duty_json", "xb.duty/1")):
        recorded = (RECORDED / case / "stdout").read_text()
        parts.append(
            f"### {name}\n\nAn invented world, from `tests/cli/{case}`:\n\n```json\n{recorded}```\n"
        )
    parts.append(f"## Problem codes\n\nStable; the words beside them are not.\n\n{codes()}")
    return "\n".join(parts)


def helps() -> Iterator[tuple[list[str], str]]:
    """Yield each command's words and its --help."""
    import typer.main

    from xborder_cli.cli.app import app

    def walk(command, words: list[str], parent) -> Iterator[tuple[list[str], str]]:
        context = command.make_context(
            words[-1], [], parent=parent, resilient_parsing=True, **command.context_settings
        )
        yield words, "\n".join(line.rstrip() for line in context.get_help().splitlines())
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, [*words, name], context)

    kept = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "100"
    try:
        yield from walk(typer.main.get_command(app), ["xb"], None)
    finally:
        os.environ.pop("COLUMNS")
        if kept is not None:
            os.environ["COLUMNS"] = kept


def variables() -> Iterator[tuple[str, str]]:
    """Yield every variable that stands for a flag."""
    from xborder_cli.cli import options

    for group in (options.SHIPMENT, options.RANK, options.OUTPUT):
        for option in group.values():
            if option.envvar:
                yield str(option.envvar), f"`{option.default}`: {option.help}"


def columns() -> str:
    """Return the columns of the flat formats."""
    from xborder_cli.cli.render import rows

    options = ", ".join(f"`{name}`" for name in rows.OPTION_FIELDS if name != "order_id")
    lines = ", ".join(f"`{name}`" for name in rows.CHARGE_FIELDS)
    return (
        f"`xb quote`, one row an option: {options}.\n\n"
        f"`xb batch` has `order_id` before them, `problem` and `reason` after them.\n\n"
        f"`xb explain`, one row a charge: {lines}. `xb duty` has `market`, `channel` and `scheme`"
        " in place of the first three.\n\n"
        "`landed_cost`, what ranks, is `total` less what is `recoverable`.\n"
    )


def codes() -> str:
    """Return every code that the sources give to a problem, by area."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "xborder_cli").rglob("*.py")):
        area = path.relative_to(ROOT / "xborder_cli").parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                found.setdefault(area, set()).update(_codes_of(node))
    lines = []
    for area, names in found.items():
        if names:
            lines.append(f"- {area}: {', '.join(f'`{name}`' for name in sorted(names))}")
    return "\n".join(lines) + "\n"


def _codes_of(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
            yield str(keyword.value.value)
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = {"problem": 1, "read": 3, "Unreadable": 2, "Reject": 2}.get(name)
    if place is not None and len(call.args) > place:
        value = call.args[place]
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and "-" in value.value:
            yield value.value


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
