"""The table of the UK's global tariff of 2021, beside the EU's duties before it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.duty_text import read_duty
from xborder_cli.tariffs.line import IN_WORDS, Line, Unread
from xborder_cli.tariffs.taric_measures import READ, ROWS, goods_code
from xborder_cli.units import parse_day

if TYPE_CHECKING:
    from xborder_cli.tariffs.line import Tariff
    from xborder_cli.tariffs.taric_sheet import Sheet

TITLE: Final = "UK global tariff"
URL: Final = "https://github.com/uktrade/global-uk-tariff"
SINCE: Final = "2021-01-01"  # the tariff's first day
_RATE: Final = "ukgt_duty_rate"
_BEFORE: Final = "cet_duty_rate"  # what the EU took: counted, not imported


def is_global(sheet: Sheet) -> bool:
    """Tell whether a sheet is this table."""
    return sheet.has(_RATE)


def read_global(sheet: Sheet, tariff: Tariff) -> None:
    """Add the duty of each code, for all origins and since 2021-01-01, to a tariff."""
    code, words = sheet.reader("commodity", "commodity_code"), sheet.reader("description")
    rate, before = sheet.reader(_RATE), sheet.reader(_BEFORE)
    remedy, suspended = (
        sheet.reader("trade_remedy_applies"),
        sheet.reader("suspension_applies"),
    )
    forms: dict[str, Counter[str]] = {"mfn": Counter(), _BEFORE: Counter()}
    rows: Counter[str] = Counter(tariff.forms.get(ROWS, {}))
    first: dict[str, int] = {}
    since = parse_day(SINCE)
    more: Counter[str] = Counter()
    for row in sheet.rows:
        tariff.rows += 1
        hs, fault = goods_code(code(row))
        if not fault and hs in first:
            fault = "twice"
        if fault:
            rows[fault] += 1
            tariff.unread.append(Unread(row=row.line, hs=hs, text=code(row), why=fault))
            continue
        first[hs] = row.line
        rows[READ] += 1
        duty = read_duty(rate(row))
        forms["mfn"][duty.form] += 1
        forms[_BEFORE][read_duty(before(row)).form] += 1
        more["trade remedies"] += _yes(remedy(row))
        more["suspensions"] += _yes(suspended(row))
        if words(row):
            tariff.words[hs] = words(row)
        if not duty.read:
            tariff.unread.append(
                Unread(row=row.line, hs=hs, text=duty.printed, why=duty.form, became=IN_WORDS)
            )
        tariff.lines.append(
            Line(
                hs=hs,
                programme="mfn",
                rate=duty.rate,
                printed=duty.printed,
                row=row.line,
                since=since,
                note=duty.note,
            )
        )
    tariff.title, tariff.url, tariff.day = TITLE, URL, since
    tariff.revision = tariff.revision or SINCE
    tariff.forms[ROWS] = dict(rows)
    for column, counts in forms.items():
        tariff.forms[column] = dict(counts.most_common())
    for what, count in more.items():
        if count:
            tariff.notes.append(f"{count} codes bear {what} that this table only marks")


def _yes(text: str) -> bool:
    return text.strip().lower() in ("true", "yes", "1", "t")
