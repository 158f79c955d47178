"""The clearances of a market against each other, below a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.cli.render.rows import Digits, money
from xborder_cli.cli.render.text import cells, pad, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.answer import Clearance

HEADINGS: Final = ("Duty", "Tax", "Fees", "Total")
GAP: Final = 2  # cells between columns
LEAST_WORDS: Final = 24  # cells for what a clearance is called


def clearance_lines(
    clearances: Sequence[Clearance],
    currency: str,
    digits: Digits,
    width: int,
    *,
    options: bool = True,
) -> Iterator[str]:
    """Yield a heading and a line for each channel; one that is not open says why instead.

    Args:
        clearances: of one parcel.
        currency: of their amounts.
        digits: minor digits by currency.
        width: of the page, in cells.
        options: whether to say which option pays each.
    """
    if not clearances:
        return
    rows = [() if one.refused else _figures(one, currency, digits) for one in clearances]
    widths = [max(map(cells, column)) for column in zip(HEADINGS, *filter(None, rows), strict=True)]
    room = max(LEAST_WORDS, width - sum(widths) - GAP * len(widths))
    yield pad(f"Clearances compared, {currency}", room) + _columns(HEADINGS, widths)
    for one, row in zip(clearances, rows, strict=True):
        first, *rest = wrap(_words(one, options=options), room if row else width, indent="  ")
        yield pad(first, room) + _columns(row, widths) if row else first
        yield from rest


def _figures(one: Clearance, currency: str, digits: Digits) -> tuple[str, ...]:
    amounts = (one.duty_minor, one.tax_minor, one.fees_minor, one.total_minor)
    *parts, total = (money(minor, currency, digits) for minor in amounts)
    return (*parts, total if one.complete else f">={total}")


def _columns(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(
        " " * (GAP + width - cells(text)) + text for text, width in zip(texts, widths, strict=True)
    )


def _words(one: Clearance, *, options: bool) -> str:
    if one.refused:
        return f"{one.channel}, not open: {one.refused}"
    name = f"{one.channel}, {one.name or 'no regime'}"
    if not options:
        return name
    return f"{name} (option {one.option})" if one.option else f"{name} (no option)"
