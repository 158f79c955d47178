"""What became of a file of orders: lines for a person, JSON for a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from xborder_cli import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xborder_cli.batch.tally import Tally

SCHEMA: Final = "xb.batch/1"
SHOWN: Final = 8  # codes and modes; the report has all
INDENT: Final = "  "
COUNT: Final = 12  # width of a number, with its commas


def report_json(tally: Tally, run: Mapping[str, object]) -> str:
    """Return xb.batch/1: counts, reasons and spend, every amount a decimal text.

    Args:
        tally: of the whole run.
        run: what the run itself is known by: inputs, tables, seconds, ...
    """
    document = {
        "schema": SCHEMA,
        **run,
        "rows": {
            "in": tally.rows,
            "priced": tally.priced_rows,
            "unpriceable": tally.unpriceable_rows,
            "rejected": tally.rejected_rows,
            "out": tally.output_rows,
        },
        "orders": {
            "in": tally.orders,
            "priced": tally.priced,
            "unpriceable": tally.unpriceable,
            "rejected": tally.rejected,
        },
        "unpriceable": [
            {"code": code, "orders": count} for code, count in _ordered(tally.unpriceable_codes)
        ],
        "rejected": [
            {"code": code, "faults": count} for code, count in _ordered(tally.reject_codes)
        ],
        "spend": [
            {
                "mode": mode,
                "currency": currency,
                "orders": one.orders,
                "landed_cost": units.minor_text(one.minor, one.digits),
                "incomplete_orders": one.incomplete_orders,
                "incomplete_landed_cost": units.minor_text(one.incomplete_minor, one.digits),
            }
            for (mode, currency), one in sorted(tally.spend.items())
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def summary_lines(tally: Tally, seconds: float, *, earlier: int = 0) -> Iterator[str]:
    """Yield what is told when a run ends, at most 80 columns wide.

    Args:
        tally: of the whole run.
        seconds: that it took; 0 when nobody asks.
        earlier: orders that a run before had done, when this one went on after it.
    """
    yield f"{_one('order', tally.orders)} in {_one('row', tally.rows)}: {tally.priced:,} priced"
    if tally.unpriceable:
        yield f"{_one('order', tally.unpriceable)} without any option:"
        yield from _codes(tally.unpriceable_codes)
    if tally.rejected:
        yield f"{_one('row', tally.rejected_rows)} rejected, faults by code:"
        yield from _codes(tally.reject_codes)
    if tally.stale:
        orders = _one("order", tally.stale)
        yield f"! fx-stale: {orders} later than the newest exchange rates by a week or more"
    if tally.spend:
        yield "landed cost of the best option of each order:"
        yield from _spend(tally)
    if seconds:
        now = tally.orders - earlier
        after = f" for the last {_one('order', now)}" if earlier else ""
        yield f"took {_time(seconds)}{after}, {round(now / seconds):,} orders a second"


def _codes(counts: Mapping[str, int]) -> Iterator[str]:
    found = _ordered(counts)
    for code, count in found[:SHOWN]:
        yield f"{INDENT}{count:>{COUNT},}  {code}"[:80]
    if len(found) > SHOWN:
        rest = sum(count for _, count in found[SHOWN:])
        yield f"{INDENT}{rest:>{COUNT},}  of {len(found) - SHOWN} other codes"


def _spend(tally: Tally) -> Iterator[str]:
    """Yield a line for each mode and currency, the most used first."""
    rows: list[tuple[int, str, str, str]] = []
    for (mode, currency), one in sorted(tally.spend.items()):
        for count, minor, least in (
            (one.orders, one.minor, ""),
            (one.incomplete_orders, one.incomplete_minor, ">="),
        ):
            if count:
                rows.append((count, mode, f"{least}{_amount(minor, one.digits)}", currency))
    rows.sort(key=lambda row: -row[0])
    modes = max(len(mode) for _, mode, _, _ in rows)
    amounts = max(len(amount) for _, _, amount, _ in rows)
    shown = rows if len(rows) <= 2 * SHOWN else rows[: 2 * SHOWN - 1]
    for count, mode, amount, currency in shown:
        yield f"{INDENT}{count:>{COUNT},}  {mode:<{modes}}  {amount:>{amounts}} {currency}"
    if len(shown) < len(rows):
        rest = sum(count for count, *_ in rows[len(shown) :])
        yield f"{INDENT}{rest:>{COUNT},}  of {len(rows) - len(shown)} others; --report FILE has all"


def _ordered(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the commonest first, equals by name: the same however blocks were cut."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _amount(minor: int, digits: int) -> str:
    """Return an amount with commas between thousands.

    >>> _amount(-123456789, 2)
    '-1,234,567.89'
    """
    whole, point, rest = units.minor_text(abs(minor), digits).partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}{point}{rest}"


def _one(name: str, count: int) -> str:
    """Return a count and its name.

    >>> _one("row", 1), _one("row", 1200)
    ('1 row', '1,200 rows')
    """
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"


def _time(seconds: float) -> str:
    """Return a time that a person reads.

    >>> _time(0.834), _time(75), _time(3725)
    ('0.8 s', '1 min 15 s', '1 h 2 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
