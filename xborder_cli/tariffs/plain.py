"""A list of rates that somebody keeps as CSV: hs, origin, rate, from, to."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeVar

from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tariffs.duty_text import words
from xborder_cli.tariffs.line import IN_WORDS, Line, Programme, Tariff, Unread
from xborder_cli.tariffs.plain_cells import (
    as_typed,
    day_in,
    hs_of,
    origins_of,
    rate_of,
    refuse_strange,
)
from xborder_cli.tariffs.plain_commas import commas_in, may_have_commas, with_point
from xborder_cli.tariffs.taric_sheet import Row, Sheet, open_sheet
from xborder_cli.units import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from xborder_cli.core.rule import Day

T = TypeVar("T")
HS: Final = (
    "hs", "hs_code", "hscode", "hs6", "hs8", "hs10", "code", "tariff_code", "tariff_no",
    "tariff_number", "tariff_item", "commodity", "commodity_code", "hts", "hts_code", "htsno",
    "hts_number", "ncm", "subheading", "税号", "税则号列", "商品编码", "商品编号", "hs编码",
)  # fmt: skip
RATE: Final = (
    "rate", "rate_text", "rate_percent", "duty", "duty_rate", "duty_percent", "tariff",
    "tariff_rate", "ad_valorem", "mfn", "mfn_rate", "duty_expression", "bcd", "税率", "关税率",
    "关税", "最惠国税率", "进口关税",
)  # fmt: skip
ORIGIN: Final = (
    "origin", "origins", "country_of_origin", "origin_country", "country", "partner",
    "原产国", "原产地", "国家",
)  # fmt: skip
SINCE: Final = (
    "from", "since", "valid_from", "start", "start_date", "from_date", "date_from", "begin",
    "effective_from", "effective_date", "effective", "起始日期", "生效日期", "开始日期",
)  # fmt: skip
UNTIL: Final = (
    "to", "until", "till", "valid_to", "valid_until", "end", "end_date", "to_date", "date_to",
    "effective_to", "expires", "expiry_date", "截止日期", "失效日期", "结束日期",
)  # fmt: skip
CLAIM: Final = ("claim", "preference", "agreement", "协定")
WORDS: Final = ("description", "words", "name", "goods", "品名", "商品名称", "描述")
NOTE: Final = ("note", "notes", "remark", "remarks", "备注")
_KNOWN: Final = frozenset((*HS, *RATE, *ORIGIN, *SINCE, *UNTIL, *CLAIM, *WORDS, *NOTE))
_PERCENTS: Final = frozenset(("rate_percent", "duty_percent", "ad_valorem", "bcd"))
_LONG: Final = 60  # signs of a cell that a fault repeats
_CLAIMED: Final = "preference"  # a programme whose rates an importer must claim
_CURRENCY: Final = re.compile(r"^currency: ([A-Z]{3})\b", re.MULTILINE)
_NO_MONEY: Final = "USD"  # of a programme in which no rate is money and no market says another


def read_plain(path: Path, *, tariff: str = "", programme: str = "mfn") -> Tariff:
    """Return what a list of rates says; what cannot be read is named with line and column.

    Args:
        path: CSV with any delimiter, in any order of columns.
        tariff: whose duties they are, as `tariff:` of a market.
        programme: of all rows.

    Raises:
        OrderError: the file cannot be read, or no row near its top names a code and a rate.
    """
    sheet = open_sheet(path, known_heading)
    reader = _Reader(sheet, programme)
    rows = list(sheet.rows)
    if may_have_commas(path, sheet):
        reader.look_for_commas(rows)
    for row in rows:
        reader.take(row)
    found = Tariff(
        tariff=tariff,
        kind="csv",
        title=path.name,
        url="",
        revision="",
        day=None,
        programmes=(
            Programme(
                id=programme,
                name=f"{tariff}: {programme}".removeprefix(": "),
                currency=_currency(tariff, reader.lines),
                default="gap" if programme == "mfn" else "zero",
            ),
        ),
        lines=reader.lines,
        unread=reader.unread,
        rows=reader.rows,
        forms={
            "rows": dict(reader.counts.most_common()),
            programme: dict(reader.forms.most_common()),
        },
        words=reader.words,
    )
    if reader.commas:
        found.notes.append("numbers of rates have a decimal comma: 12,5 % is read as 12.5 %")
    if reader.ignored:
        found.notes.append(f"columns that are not read: {', '.join(reader.ignored)}")
    return found


def known_heading(names: frozenset[str]) -> bool:
    """Tell whether a heading names a code and a rate."""
    return bool(names & set(HS)) and bool(names & set(RATE))


class _Fault(Exception):  # noqa: N818 - carries what is noted
    """A row that becomes no line: the code of its fault, and the words with their place."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why
        self.text = text


class _Reader:
    """Reads the rows of one list."""

    def __init__(self, sheet: Sheet, programme: str) -> None:
        self.sheet = sheet
        self.programme = programme
        self.lines: list[Line] = []
        self.unread: list[Unread] = []
        self.words: dict[str, str] = {}
        self.rows = 0
        self.counts: Counter[str] = Counter()
        self.forms: Counter[str] = Counter()
        self.ignored = [name for name in sheet.names if name and name not in _KNOWN]
        rate = next(name for name in RATE if name in sheet.names)
        heading = sheet.heading[sheet.names.index(rate)]
        self.percents = rate in _PERCENTS or "%" in heading or "％" in heading
        self.commas = False  # of decimals, in the column of rates

    def look_for_commas(self, rows: Iterable[Row]) -> None:
        """Note whether the rates have decimal commas; of a comma or a point alone none can tell."""
        self.commas = commas_in((self._cell(row, RATE) for row in rows), percents=self.percents)

    def take(self, row: Row) -> None:
        """Read a row: a line, or a fault that is noted."""
        self.rows += 1
        try:
            line = self._line(row)
        except _Fault as fault:
            self.counts[fault.why] += 1
            hs = "".join(sign for sign in self._cell(row, HS) if sign.isdigit())
            self.unread.append(Unread(row=row.line, hs=hs, text=fault.text, why=fault.why))
            return
        self.counts["in words" if line.rate.startswith('"') else "read"] += 1
        self.lines.append(line)

    def _line(self, row: Row) -> Line:
        hs = self._read(row, HS, hs_of)
        origins = self._read(row, ORIGIN, origins_of)
        since, until = self._read(row, SINCE, day_in), self._read(row, UNTIL, day_in)
        if since is not None and until is not None and until < since:
            raise _Fault("dates-order", self._place(row, UNTIL, "it ends before it begins"))
        printed = self._cell(row, RATE)
        try:
            plain = with_point(printed, percents=self.percents) if self.commas else printed
            duty = rate_of(plain, percents=self.percents)
            refuse_strange(duty.rate, printed, noted=bool(self._cell(row, NOTE)))
        except Unreadable as fault:
            text = self._place(row, RATE, fault.what, fault.fix)
            if not printed:
                raise _Fault(fault.code, text) from None
            self.forms[fault.code] += 1
            self.unread.append(_in_words(row, hs, text, fault.code))
            return self._made(row, hs, origins, since, until, words(printed), printed)
        self.forms[duty.form] += 1
        if not duty.read:
            text = self._place(row, RATE, f'"{printed}" is kept in words')
            self.unread.append(_in_words(row, hs, text, duty.form))
        return self._made(row, hs, origins, since, until, duty.rate, printed, duty.note)

    def _made(
        self,
        row: Row,
        hs: str,
        origins: tuple[str, ...],
        since: Day | None,
        until: Day | None,
        rate: str,
        printed: str,
        note: str = "",
    ) -> Line:
        description = self._cell(row, WORDS)
        if description:
            self.words.setdefault(hs, description)
        usual = _CLAIMED if self.programme == _CLAIMED else ""
        return Line(
            hs=hs,
            programme=self.programme,
            rate=rate,
            printed=printed,
            row=row.line,
            origins=origins,
            claim=self._cell(row, CLAIM) or usual,
            since=since,
            until=until,
            note="; ".join(one for one in (self._cell(row, NOTE), note) if one),
        )

    def _cell(self, row: Row, names: tuple[str, ...]) -> str:
        return as_typed(self.sheet.reader(*names)(row))

    def _read(self, row: Row, names: tuple[str, ...], parse: Callable[[str], T]) -> T:
        try:
            return parse(self._cell(row, names))
        except Unreadable as fault:
            code = fault.code if fault.code != "bad-value" else "bad-day"
            raise _Fault(code, self._place(row, names, fault.what, fault.fix)) from None

    def _place(self, row: Row, names: tuple[str, ...], what: str, fix: str = "") -> str:
        """Return a fault with its line and column, both counted from 1."""
        name = next((name for name in names if name in self.sheet.names), names[0])
        column = self.sheet.names.index(name) + 1 if name in self.sheet.names else 0
        cell = self._cell(row, names)
        if len(cell) > _LONG:  # what a person needs is the place and the fix
            what = what.replace(cell, f"{cell[: _LONG - 3]}...")
        text = f"line {row.line}, column {column} ({name}): {what}"
        return f"{text}; {fix}" if fix else text


def _in_words(row: Row, hs: str, text: str, why: str) -> Unread:
    return Unread(row=row.line, hs=hs, text=text, why=why, became=IN_WORDS)


def _currency(tariff: str, lines: list[Line]) -> str:
    """Return the currency of a market of this name, else the first that a rate speaks of."""
    market = bundled_folder() / "markets" / f"{tariff}.yaml"
    if tariff.isalnum() and market.is_file():
        found = _CURRENCY.search(market.read_text(encoding="utf-8"))
        if found is not None:
            return found[1]
    money = re.compile(r"\d ([A-Z]{3})\b")
    for line in lines:
        if not line.rate.startswith('"') and (found := money.search(line.rate)):
            return found[1]
    return _NO_MONEY
