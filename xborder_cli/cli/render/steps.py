"""A rate through time as steps: in characters for a terminal, as SVG for a file.

Drawn by hand: steps are a few straight lines, and a plotting library would cost every start of the
program or every installation more than they do. Both scales are linear and begin at 0 %, so that a
height is a rate and a width a stretch of days. Only ASCII: box characters take two cells in some
terminals of East Asia.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.rule import Day

EPOCH: Final = date(1970, 1, 1).toordinal()
HEIGHT: Final = 10  # rows of characters above the axis
TICKS: Final = (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Days of one rate; `percent` is None where it is not known or no percent says it."""

    first: Day
    last: Day
    percent: float | None


def picture(steps: Sequence[Step], width: int) -> list[str]:
    """Return the lines of a picture: rate upwards, days to the right; one column is some days.

    Where a column holds several rates, a bar runs from the lowest to the highest of them.
    """
    known = [step.percent for step in steps if step.percent is not None]
    if not known or steps[-1].last <= steps[0].first:
        return []
    tick = _tick(max(known) / HEIGHT)
    top = max(1, -int(-max(known) // tick))
    labels = [f"{_number(tick * row)} %" for row in range(top + 1)]
    margin = max(map(len, labels)) + 2
    room = max(10, width - margin)
    columns = [_column(steps, at, room) for at in range(room)]
    lines = []
    for row in range(top, -1, -1):
        cells = "".join(_cell(column, row, tick) for column in columns)
        edge = "+" if row == 0 else "|"
        lines.append(f"{labels[row]:>{margin - 2}} {edge}{cells}".rstrip())
    lines.append(" " * margin + _days(steps, room).rstrip())
    if any(step.percent is None for step in steps):
        lines.append(f"{UNKNOWN}: not known, or no percent says it")
    return lines


def _tick(least: float) -> float:
    return next((tick for tick in TICKS if tick >= least), TICKS[-1])


def _number(value: float) -> str:
    return f"{value:g}"


def _column(steps: Sequence[Step], at: int, room: int) -> list[float | None]:
    """Return the rates of the days of a column, and of the day before: a jump joins two rates."""
    begin, days = steps[0].first, steps[-1].last + 1 - steps[0].first
    first = begin + at * days // room
    last = max(first, begin + (at + 1) * days // room - 1)
    own = [step.percent for step in steps if step.first <= last and step.last >= first]
    before = [step.percent for step in steps if step.first <= first - 1 <= step.last]
    return [*before, *own] if any(percent is not None for percent in own) else own


def _cell(column: list[float | None], row: int, tick: float) -> str:
    known = [percent for percent in column if percent is not None]
    if not known:
        return UNKNOWN if row == 0 else " "
    low, high = round(min(known) / tick), round(max(known) / tick)
    if row in (low, high):
        return "#" if low != high else "="
    if low < row < high:
        return "|"
    return "-" if row == 0 else " "


def _days(steps: Sequence[Step], room: int) -> str:
    """Return the years under their columns, and both ends where there is room."""
    begin, days = steps[0].first, steps[-1].last + 1 - steps[0].first
    cells = [" "] * room
    first, last = _date(steps[0].first).isoformat(), _date(steps[-1].last).isoformat()
    _put(cells, 0, first)
    if room > len(first) + len(last):
        _put(cells, room - len(last), last)
    for year in range(_date(begin).year + 1, _date(begin + days).year + 1):
        day = date(year, 1, 1).toordinal() - EPOCH
        at = (day - begin) * room // days
        text = f"'{year % 100:02}"
        if (
            0 <= at <= room - len(text)
            and not "".join(cells[max(0, at - 1) : at + len(text) + 1]).strip()
        ):
            _put(cells, at, text)
    return "".join(cells)


def _put(cells: list[str], at: int, text: str) -> None:
    cells[at : at + len(text)] = list(text)


def _date(day: Day) -> date:
    return date.fromordinal(day + EPOCH)


# -- SVG ------------------------------------------------------------------------------------------

WIDE, HIGH, LEFT, LOW, ABOVE = 800, 400, 60, 40, 40


def drawing(steps: Sequence[Step], title: str) -> str:
    """Return the steps as an SVG file, black on white."""
    known = [step.percent for step in steps if step.percent is not None]
    tick = _tick(max(known, default=1) / HEIGHT)
    top = tick * max(1, -int(-max(known, default=1) // tick))
    begin, days = steps[0].first, max(1, steps[-1].last + 1 - steps[0].first)

    def x(day: Day) -> str:
        return f"{LEFT + (day - begin) * (WIDE - LEFT - 20) / days:.1f}"

    def y(percent: float) -> str:
        return f"{HIGH - LOW - percent * (HIGH - LOW - ABOVE) / top:.1f}"

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>',
        f'<text x="{LEFT}" y="20">{_escaped(title)}</text>',
    ]
    for row in range(round(top / tick) + 1):
        at = y(row * tick)
        lines.append(f'<path d="M{LEFT} {at}H{WIDE - 20}" stroke="#ddd"/>')
        lines.append(
            f'<text x="{LEFT - 6}" y="{at}" text-anchor="end">{_number(row * tick)} %</text>'
        )
    for day in _marks(steps):
        lines.append(f'<path d="M{x(day)} {HIGH - LOW}v6" stroke="black"/>')
        text = _date(day).isoformat()
        lines.append(f'<text x="{x(day)}" y="{HIGH - LOW + 20}">{text}</text>')
    path, drawn = [], False
    for step in steps:
        if step.percent is not None:
            path.append(f"{'V' if drawn else f'M{x(step.first)} '}{y(step.percent)}")
            path.append(f"H{x(step.last + 1)}")
        drawn = step.percent is not None
    lines.append(f'<path d="{"".join(path)}" fill="none" stroke="black" stroke-width="2"/>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _marks(steps: Sequence[Step]) -> Iterator[Day]:
    """Yield the first day, the first of each year after it, not too many, and nothing twice."""
    first, last = steps[0].first, steps[-1].last
    yield first
    years = range(_date(first).year + 1, _date(last).year + 1)
    for year in years[:: 1 + len(years) // 8]:
        day = date(year, 1, 1).toordinal() - EPOCH
        if (day - first) * 8 >= last - first:
            yield day


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
