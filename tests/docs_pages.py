"""Writes docs/cli.md from the program itself: `python -m tests.docs_pages`, or `make docs`."""

from __future__ import annotations

import ast
import os
import re
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
    "PIPE_CLOSED": "whoever read our output stopped reading (as `head` does)",
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
        words = f"An invented world, from `tests/cli/{case}`:"
        parts.append(f"### {name}\n\n{words}\n\n```json\n{recorded}```\n")
    parts.append("## Codes of problems and exclusions\n\nStable; the words beside them are not.\n")
    parts.append(codes())
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


CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
NO_CODES = {"door-to-door", "utf-8", "xborder-kept"}
OF_ROWS = {  # of what stands in a cell, beside bad-NAME and unknown-NAME
    "bad-row": "a row cannot be taken apart: too many cells or quotes, no JSON object, bytes of"
    " another encoding; or, in a pipe, its order has ended before",
    "goods-twice": "goods, HS code or units of an item are told twice",
    "heading-again": "the heading stands once more among the rows",
    "missing": "a cell that an order needs is blank, and no flag fills it",
    "order-incomplete": "another row of the same order cannot be read; this one is sound",
    "rows-disagree": "rows of one order say different things of what it has once, such as where it"
    " goes",
    "two-columns": "two columns mean the same, and both are filled",
    "two-currencies": "the cell names another currency than its heading, its column of currencies"
    " or its order",
    "two-units": "the cell names another unit than its heading",
    "unknown-sku": "not in the catalogue, and the row does not say enough itself",
}
OF_FILES = {  # of a whole file, or a whole run
    "bad-block-size": "`--block-size` is no size of 1 KiB or more",
    "bad-delimiter": "`--delimiter` is not one character",
    "bad-encoding": "no such encoding, or the file is in none that was tried",
    "bad-format": "no such format, or not one that goes with the other flags",
    "bad-map": "`--map` is not OURS=THEIRS with a column that there is",
    "bad-out": "`--out` has the name of a packed file",
    "bad-workers": "`--workers` is not a count",
    "cannot-resume": "`--resume` without files, or this is not the run that stopped; it says what"
    " differs",
    "cannot-write": "no such folder, no right to write, the disk is full, or another run is writing"
    " the file",
    "endless-row": "no row ends for 16 MiB: a quote that is never closed, or no file of orders",
    "input-cut-off": "a packed file or Parquet ends in the middle or is damaged; rows before it"
    " were read",
    "json-document": "one JSON document where lines are wanted",
    "needs-a-file": "Parquet goes into a file, not through a pipe",
    "no-column": "a column that every order needs, or that a flag names, is not there",
    "no-file": "no such file, or no file with such a name",
    "no-heading": "the file does not begin with a heading",
    "no-orders": "the file is empty, or has a heading and no rows",
    "no-room": "no place for the temporary file of rows that stand apart",
    "same-file": "two of the files named are one",
    "sku-twice": "the catalogue says different things of one SKU",
    "tables-changed": "the tables were changed while the run was going on",
    "unknown-preset": "`--preset` names none",
    "worker-killed": "the system ended a process, as it does for want of memory",
}


def codes_by_area() -> dict[str, set[str]]:
    """Return every code that the sources give to a problem or an exclusion, by area."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "xborder_cli").rglob("*.py")):
        area = path.relative_to(ROOT / "xborder_cli").parts[0].removesuffix(".py")
        names = found.setdefault(area, set())
        for node in ast.walk(ast.parse(path.read_text())):
            names.update(text for text in _texts(node) if CODE.fullmatch(text))
            names.update(_short_codes(node))
    return found


def codes() -> str:
    """Return every code, by area, and what those mean that a file of orders may meet."""
    found = codes_by_area()
    lines = []
    for area, names in found.items():
        if names := names - NO_CODES:
            lines.append(f"- {area}: {', '.join(f'`{name}`' for name in sorted(names))}")
    lines.append("- `bad-FLAG` of any flag, as `bad-size`; `unknown-NAME` of any kind of name, as")
    lines.append("  `unknown-scheme`; in flags of an answer `refused`: a clearance without a total")
    text = "\n".join(lines) + "\n"
    for title, words in (("Rows", OF_ROWS), ("Files and runs", OF_FILES)):
        rows = "".join(f"| `{code}` | {says} |\n" for code, says in words.items())
        text += f"\n### {title} of `xb batch`\n\n| code | means |\n|---|---|\n{rows}"
    return text


def _short_codes(node: ast.AST) -> Iterator[str]:
    """Yield codes of one word: given as `code=`, or to `problem(field, code, ...)`."""
    if not isinstance(node, ast.Call):
        return
    values = [one.value for one in node.keywords if one.arg == "code"]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "problem":
        values += node.args[1:2]
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield value.value


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield texts where codes stand: arguments, values of mappings, patterns of a match."""
    values: list[ast.expr | None] = []
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if called not in ("add_column", "get", "removeprefix", "decode", "encode"):
            values = [*node.args[:5], *(k.value for k in node.keywords if k.arg == "code")]
    elif isinstance(node, ast.Dict):
        values = [*node.values]
    elif isinstance(node, ast.MatchValue):
        values = [node.value]
    elif isinstance(node, ast.AnnAssign):  # a code that has a name, or a code and its words
        values = node.value.elts[:1] if isinstance(node.value, ast.Tuple) else [node.value]
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
