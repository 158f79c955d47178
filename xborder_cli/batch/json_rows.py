"""Rows of JSON lines as columns: at once where each line is a plain object, else one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.json

from xborder_cli.adapters.row_words import NO_OBJECT, an_object, no_object
from xborder_cli.batch.cells import blank, strings
from xborder_cli.batch.id_keys import Keys, keys_of
from xborder_cli.batch.json_columns import numbers_quoted, objects, only, texts_of
from xborder_cli.batch.loose import foreign
from xborder_cli.batch.records import Rows, joined_rows
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


PIECE: Final = 1 << 18  # bytes read one way or the other when a block cannot be read at once
HEAD: Final = 1 << 20  # bytes of a file whose keys are its headings


class JsonRows:
    """Reads objects, one a line; their keys are headings."""

    def __init__(self, path: str, *, by_line: bool) -> None:
        """Look for headings in the first page, or the first line alone."""
        self.path = path
        self.by_line = by_line
        self.headings: tuple[str, ...] = ()
        self.items: Collection[str] = ()  # headings whose lists are item lines
        self.encoding = "UTF-8"
        self._texts: dict[str, None] = {}  # columns that have been texts so far
        self._wanted: Callable[[str], bool] = lambda name: True

    def head(self, text: bytes, *, final: bool) -> tuple[bytes, int] | None:
        """Find the headings; nothing of the text is taken."""
        begin = text.lstrip()
        if not begin:
            return None
        first, end, _ = begin.partition(b"\n")
        if begin.startswith(b"[") or (first.strip() == b"{" and end):
            what = "the file is one JSON document, not one object a line"
            fix = "make lines of it: jq -c '.[]' FILE" if begin.startswith(b"[") else ""
            fix = fix or "make lines of the orders in it, as with jq -c '.orders[]' FILE"
            problem = Problem(code="json-document", where=Where(self.path, 1), what=what, fix=fix)
            raise OrderError(problem)
        page = text if final else text[: text.rfind(b"\n") + 1]
        names: dict[str, None] = {}
        for line in page[:HEAD].split(b"\n"):
            document = _read(line.decode("utf-8", "surrogateescape"))
            if isinstance(document, dict):
                names.update(dict.fromkeys(document))
                if self.by_line:
                    break
        if not final and len(page) < HEAD and not (self.by_line and names):
            return None
        self.headings = tuple(name for name in names if not _halves(name))
        return text, 0

    def choose(self, wanted: Callable[[str], bool]) -> None:
        """Read only some keys from now on, also those that are met later."""
        self._wanted = wanted

    def keys(self, text: bytes, heading: str, *, final: bool) -> tuple[Keys, int] | None:
        """Return fingerprints of ids alone and how many bytes were read; None where it cannot."""
        stop = len(text) if final else text.rfind(b"\n") + 1
        codes = np.frombuffer(text, np.uint8)[:stop]
        lines = objects(codes) if stop else None
        if lines is None:
            return None
        column = only(codes.tobytes(), heading)
        if column is None and (quoted := numbers_quoted(codes)) is not None:
            column = only(quoted, heading)  # most ids are texts
        if column is None or len(column) != lines.start.size:
            return None
        return keys_of(column), stop

    def parse(self, text: bytes, line: int, *, final: bool) -> Rows:
        """Return the objects of a text that begins with a line, up to its last whole line."""
        stop = len(text) if final else text.rfind(b"\n") + 1
        rows = self._at_once(text, 0, stop, line)
        if rows is not None:
            return rows
        parts: list[Rows] = []
        at = 0
        while at < stop:
            end = text.find(b"\n", min(at + PIECE, stop) - 1) + 1 or stop
            rows = self._at_once(text, at, end, line)
            parts.append(rows if rows is not None else self._one_by_one(text, at, end, line))
            at, line = end, parts[-1].next_line
        if not parts:
            parts.append(self._one_by_one(text, 0, 0, line))
        return replace(joined_rows(parts), text=text, stop=stop, next_line=line)

    def _at_once(self, text: bytes, at: int, stop: int, line: int) -> Rows | None:
        """Return objects by columns, None when they are not those of `json` beyond doubt."""
        codes = np.frombuffer(text, np.uint8)[at:stop]
        if not codes.size:
            return None
        lines = objects(codes)
        if lines is None:
            return None
        quoted = numbers_quoted(codes)
        table = None if quoted is None else self._table(quoted)
        if table is None:
            return None
        # lines begin and end as objects do: as many objects as lines are one a line
        if table.num_rows != lines.start.size:
            return None
        cells = {}
        for name in table.column_names:
            column = texts_of(table.column(name), nested=name in self.items)
            if column is None:
                return None
            if self._wanted(name):
                cells[name] = column
        for name in self.headings:
            if name not in cells and self._wanted(name):
                cells[name] = blank(lines.start.size)
        return Rows(
            cells=cells,
            line=lines.number + line,
            text=text,
            start=lines.start + at,
            end=lines.end + at,
            stop=stop,
            next_line=line + lines.lines,
        )

    def _table(self, text: bytes) -> pa.Table | None:
        """Return objects as a table; columns known as texts are not taken for days."""
        schema = pa.schema([(name, pa.string()) for name in self._texts])
        try:
            table = pyarrow.json.read_json(
                pa.BufferReader(text),
                read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(text) + 1),
                parse_options=pyarrow.json.ParseOptions(explicit_schema=schema),
            )
        except (pa.ArrowInvalid, UnicodeDecodeError):
            return None
        days = [one.name for one in table.schema if pa.types.is_timestamp(one.type)]
        plain = [one.name for one in table.schema if pa.types.is_string(one.type)]
        self._texts |= dict.fromkeys(days + plain)
        return self._table(text) if days else table

    def _one_by_one(self, text: bytes, at: int, stop: int, line: int) -> Rows:
        values: dict[str, dict[int, str]] = {}
        broken: dict[int, str] = {}
        items: dict[int, tuple[Mapping[str, object] | str, ...]] = {}
        places: list[tuple[int, int, int]] = []  # line, start, end
        while at < stop:
            end = text.find(b"\n", at, stop) + 1 or stop
            raw = text[at:end].decode("utf-8", "surrogateescape").rstrip("\n")
            if raw.strip():
                row = len(places)
                document = _read(raw)
                words = document if isinstance(document, str) else ""
                for name, value in document.items() if isinstance(document, dict) else ():
                    if value is None or value == "" or _halves(name) or not self._wanted(name):
                        continue
                    if name in self.items and isinstance(value, list):
                        items[row] = tuple(value)
                        continue
                    if isinstance(value, dict):
                        words = words or an_object(name, items=name in self.items)
                        continue
                    cell = _text(value).strip()
                    if _halves(cell):
                        words = words or f'"{name}" holds half a character'
                    elif cell:
                        values.setdefault(name, {})[row] = cell
                words = foreign(raw, self.encoding) or words
                if words:
                    broken[row] = words
                places.append((line, at, end))
            at, line = end, line + 1
        for name in self.headings:
            if self._wanted(name):
                values.setdefault(name, {})
        where = np.array(places, np.int64).reshape(-1, 3)
        count = len(places)
        return Rows(
            cells={
                name: strings([found.get(row) for row in range(count)])
                for name, found in values.items()
            },
            line=where[:, 0],
            broken=broken,
            items=items,
            text=text,
            start=where[:, 1],
            end=where[:, 2],
            stop=stop,
            next_line=line,
        )


def _read(line: str) -> dict[str, object] | str:
    """Return the object of a line, or why it is none; numbers are kept as they are written."""
    try:
        found: object = json.loads(line, parse_float=str, parse_int=str)
    except ValueError as error:
        return no_object(error)
    except RecursionError:
        return f"{NO_OBJECT}: nested too deep"
    return found if isinstance(found, dict) else no_object()


def _text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _halves(text: str) -> bool:
    """Tell whether a text cannot be written down: escapes may make half of a pair."""
    return not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text)
