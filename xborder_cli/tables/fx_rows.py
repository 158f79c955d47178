"""Tables of exchange rates: each for its day, from its day on, or until the next one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli.tables.lists import named_rows
from xborder_cli.tables.tables import FxRow
from xborder_cli.units import parse_day, parse_ratio

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day, Ratio
    from xborder_cli.tables.lists import NamedRow
    from xborder_cli.tables.node import Mapping
    from xborder_cli.tables.reader import Reader

TYPES: Final = ("peg", "daily", "period")
COLUMNS: Final = ("day", "base", "quote", "rate")
ENDED: Final = "ended"  # in place of a rate: the one before is in force no longer, none follows


def read_fx(reader: Reader, node: Mapping) -> list[FxRow]:
    """Return the exchange rates of a table.

    A peg holds from its day on. A rate of type `period` is in force to the day before the next one
    of its pair in the table, the last to the table's `until`. A rate may be two figures of one
    list, `1255.6630/1.3554`: what a pound is of the one by what it is of the other.
    """
    kind = reader.choice(node.get("type"), TYPES)
    until = reader.day(node.get("until"))
    if kind == "period":
        if not reader.require(node, "a table of type period", "until"):
            return []
    elif until is not None:
        what = "only rates of type period end on a day"
        reader.report("unknown-key", node.entries["until"], what, "leave until out")
    found: list[tuple[NamedRow, FxRow]] = []
    for row in named_rows(reader, node.get("rates"), COLUMNS, ("source",)):
        day = reader.attempt(row.where("day"), lambda row=row: parse_day(row.cell("day")))  # type: ignore[misc]
        rate = _rate(reader, row, kind)
        base, quote = row.cell("base"), row.cell("quote")
        reader.check_currency(base, row.where("base"))
        reader.check_currency(quote, row.where("quote"))
        if day is None or rate is None:
            continue
        source = row.cell("source")
        title = reader.sources.get(source, (source, ""))[0] or reader.provenance.title
        peg = kind == "peg" or (not kind and source == "peg")
        table = reader.provenance.table
        found.append((row, FxRow(day, base, quote, rate, peg, title, table, row.line)))
    if kind != "period" or until is None:
        return [rate for _, rate in found]
    return _in_force(reader, found, until)


def _rate(reader: Reader, row: NamedRow, kind: str) -> Ratio | None:
    """Return the rate of a row: 0 where it says `ended`."""
    if kind == "period" and row.cell("rate") == ENDED:
        return 0, 1
    rate = reader.attempt(row.where("rate"), lambda: parse_ratio(row.cell("rate")))
    if rate is not None and rate[0] <= 0:
        reader.report("bad-rate", row.where("rate"), "an exchange rate is above 0", "")
        return None
    return rate


def _in_force(reader: Reader, found: list[tuple[NamedRow, FxRow]], until: Day) -> list[FxRow]:
    """Return rates with the last day that each is in force; those that say `ended` end others."""
    next_day: dict[tuple[str, str], Day] = {}  # of a pair
    out = []
    for row, rate in reversed(found):
        pair = (rate.base, rate.quote)
        following = next_day.get(pair, until + 1)
        if rate.day >= following:
            what = f"{rate.base}/{rate.quote} does not come before the next one of its pair"
            reader.report("dates-order", row.where("day"), what, "put the days in order, each once")
            continue
        next_day[pair] = rate.day
        if rate.rate[0]:
            out.append(replace(rate, until=following - 1))
    return out[::-1]
