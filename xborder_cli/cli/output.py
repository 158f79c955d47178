"""Which format and columns an answer has, and rows written in them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.cli.flags import OutputFlags
    from xborder_cli.cli.render.rows import Row
    from xborder_cli.cli.streams import Streams

FORMATS = ("table", "csv", "json", "jsonl")


class Form:
    """How a command writes its answer: a document, a page for a person, or rows of columns."""

    __slots__ = ("fields", "kind", "picked", "streams")

    def __init__(self, flags: OutputFlags, streams: Streams, known: Sequence[str]) -> None:
        """Read the flags.

        Args:
            flags: as given.
            streams: to write on.
            known: columns that the rows of the command have.

        Raises:
            UsageError: the format or a column is unknown.
        """
        self.streams = streams
        self.kind = format_of(flags, streams)
        self.fields = fields_of(flags, known)
        self.picked = bool(flags.fields)

    @property
    def page(self) -> bool:
        """Tell whether a person reads it: a table of picked columns is of rows."""
        return self.kind == "table" and not self.picked

    def write_document(self, document: object) -> None:
        """Write one JSON document."""
        from xborder_cli.cli.render import json

        self.streams.data(json.text(document))

    def write_rows(self, rows: Iterable[Row], fields: Sequence[str] = ()) -> None:
        """Write rows in the columns asked for, or in those of them that are worth their room."""
        write_rows(rows, fields or self.fields, self.kind, self.streams)


def format_of(
    flags: OutputFlags, streams: Streams, known: Sequence[str] = FORMATS, default: str = ""
) -> str:
    """Return the format asked for; else a table on a terminal and csv in a pipe."""
    if not flags.format:
        return default or ("table" if streams.on_terminal else "csv")
    if flags.format not in known:
        what = f'"{flags.format}" is not a format'
        fix = f"write {', '.join(known)}"
        raise UsageError(Problem(code="bad-format", where=Where("--format"), what=what, fix=fix))
    return flags.format


def fields_of(flags: OutputFlags, known: Sequence[str]) -> tuple[str, ...]:
    """Return the columns asked for in --fields, or all."""
    if not flags.fields:
        return tuple(known)
    asked = [name.strip() for name in flags.fields.split(",") if name.strip()]
    problems = []
    for name in asked:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            fix = f"did you mean {near[0]}? " if near else ""
            problems.append(
                Problem(
                    code="unknown-field",
                    where=Where("--fields"),
                    what=f'no field "{name}"',
                    fix=f"{fix}known are {', '.join(known)}",
                )
            )
    if problems:
        raise UsageError(problems)
    return tuple(asked)


WHOLE = ("rank", "transit_days_min", "transit_days_max", "step", "leg", "line", "digits")


def native(name: str, value: str) -> object:
    """Return a cell as JSON has it: none, true, counts; amounts stay decimal texts.

    >>> native("rank", "3"), native("total", "3.00"), native("pareto", "true"), native("leg", "")
    (3, '3.00', True, None)
    """
    if not value:
        return None
    if value in ("true", "false"):
        return value == "true"
    return int(value) if name in WHOLE and value.isdigit() else value


def write_rows(rows: Iterable[Row], fields: Sequence[str], kind: str, streams: Streams) -> None:
    """Write rows as csv, jsonl, json (one array) or a plain table of the same columns."""
    if kind == "csv":
        from xborder_cli.cli.render.csv import csv_lines

        for line in csv_lines(rows, fields):
            streams.data(line)
    elif kind in ("json", "jsonl"):
        from xborder_cli.cli.render import json

        picked = ({name: native(name, row[name]) for name in fields} for row in rows)
        if kind == "json":
            streams.data(json.text(list(picked)))
            return
        for one in picked:
            streams.data(json.text(one, one_line=True))
    else:
        from xborder_cli.cli.render.plain import plain_table

        bold = streams.colour(streams.out)
        streams.data(plain_table(rows, fields, bold=bold))
