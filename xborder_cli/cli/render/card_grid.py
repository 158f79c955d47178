"""Bands of prices as the carrier's page prints them: weight down, zones across, in blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from xborder_cli.cli.render.text import cells, pad
from xborder_cli.core.wording import terms_text
from xborder_cli.tables.words import limit_words, term_words
from xborder_cli.units import ratio_text, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.rule import Band, Bands, Limit, Term

NONE = "-"
GAP = "  "
FILLED = Fraction(2, 5)  # share of cells with a price from which a table is printed across
MOST_SHAPES = 4  # columns of prices beside each other
FLOWED = 16  # rows from which a slim table is set in several columns
MOST_COLUMNS = 4
BETWEEN = "    "
PER_CENT = (100, 1)
WORDS = ("price",)  # heading of prices that are more than figures


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts: leading columns that name a row, then prices."""

    lead: tuple[str, ...]
    heading: tuple[str, ...]  # of the prices
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # names, prices
    unit: str  # of every price; "" where the headings say it


def grid_lines(bands: Bands, width: int) -> tuple[str, list[str]]:
    """Return the unit that all prices share, "" for none, and the lines of the table."""
    grid = _across(bands) or _down(bands)
    if len(grid.rows) == 1 and not grid.lead:
        pairs = zip(grid.heading, grid.rows[0][1], strict=True)
        return grid.unit, [" + ".join(f"{value} {name}" for name, value in pairs)]
    sized = _Sized.of(grid)
    blocks = sized.blocks(width)
    lines: list[str] = []
    for columns in blocks:
        lines += [*([""] if lines else []), *sized.lines(columns)]
    if len(blocks) == 1 and len(grid.rows) >= FLOWED:
        return grid.unit, _flowed(sized, blocks[0], width)
    return grid.unit, lines


def _across(bands: Bands) -> Grid | None:
    """Return weight down and the last key across; None where the table has another shape."""
    every = [band for row in bands.rows.values() for band in row]
    shapes = {_shape(band.terms.parts[0]) for band in every if _single(band)}
    if not bands.keys or len(shapes) != 1 or not all(map(_single, every)):
        return None
    split = {key: tuple(key.split("|")) for key in bands.rows}
    across = list(dict.fromkeys(parts[-1] for parts in split.values()))
    word, limits = _limits(bands, every)
    amounts: dict[tuple[tuple[str, ...], str], dict[str, str]] = {}
    for key, row in bands.rows.items():
        for band in row:
            name = (split[key][:-1], limits[_key(band.limit)])
            amounts.setdefault(name, {})[split[key][-1]] = _amount(band.terms.parts[0])
    cells_ = sum(map(len, amounts.values()))
    if len(across) < 2 or Fraction(cells_, len(amounts) * len(across)) < FILLED:
        return None
    order = list(limits.values())
    firsts = list(dict.fromkeys(first for first, _ in amounts))
    names = sorted(amounts, key=lambda name: (firsts.index(name[0]), order.index(name[1])))
    if len(names) < 2 and not bands.keys[:-1]:
        return None  # one price a zone reads better from top to bottom
    shown = len(limits) > 1 or any(limits)
    return Grid(
        lead=(*bands.keys[:-1], *([word] if shown else [])),
        heading=tuple(across),
        rows=tuple(
            (
                (*first, *([limit] if shown else [])),
                tuple(amounts[first, limit].get(one, NONE) for one in across),
            )
            for first, limit in names
        ),
        unit=shapes.pop(),
    )


def _down(bands: Bands) -> Grid:
    """Return a row a band, a column a kind of price."""
    every = [band for row in bands.rows.values() for band in row]
    word, limits = _limits(bands, every)
    shown = len(limits) > 1 or any(limits)
    shapes = list(dict.fromkeys(_shape(part) for band in every for part in band.terms.parts))
    apart = len(shapes) <= MOST_SHAPES and not any(_clamped(band) for band in every)
    rows = []
    for key, row in bands.rows.items():
        for band in row:
            names = (
                *(key.split("|") if bands.keys else ()),
                *([limits[_key(band.limit)]] if shown else []),
            )
            if apart:
                found = {_shape(part): _amount(part) for part in band.terms.parts}
                prices = tuple(found.get(shape, NONE) for shape in shapes)
            else:
                prices = (_words(band),)
            rows.append((tuple(names), prices))
    lead = (*bands.keys, *([word] if shown else []))
    return Grid(lead, tuple(shapes) if apart else WORDS, tuple(rows), "")


def _single(band: Band) -> bool:
    return len(band.terms.parts) == 1 and not _clamped(band)


def _clamped(band: Band) -> bool:
    """Tell whether a price is more than figures to add."""
    terms = band.terms
    return bool(terms.low or terms.high or terms.words) or any(part.user for part in terms.parts)


def _words(band: Band) -> str:
    terms = band.terms
    wanted = next((part.user for part in terms.parts if part.user), "")
    if wanted:
        return f"not published (--assume {wanted}=...)"
    return terms_text(terms)


def _shape(term: Term) -> str:
    """Return what a price counts, without the figure."""
    if not term.currency:
        return "%" if term.of in ("", "base") else f"% of {term.of.replace('_', ' ')}"
    if term.over_band:
        step = "" if term.step == (1, 1) else f"{ratio_text(term.step)} "
        started = "started " if term.started else ""
        return f"{term.currency} / {started}{step}{' '.join(term.units)} more"
    return term_words(replace(term, amount=(0, 1), user="")).partition(" ")[2]


def _amount(term: Term) -> str:
    if not term.currency:
        return ratio_text(times(term.amount, PER_CENT))
    return ratio_text(term.amount, 2)


def _key(limit: Limit | None) -> tuple[int, Fraction, str]:
    """Return what tells limits apart and puts them in order; the open end is last."""
    if limit is None:
        return 1, Fraction(0), ""
    return 0, Fraction(*limit.amount), f"{limit.currency} {limit.unit} {limit.per} {limit.name}"


def _limits(
    bands: Bands, every: Sequence[Band]
) -> tuple[str, dict[tuple[int, Fraction, str], str]]:
    """Return the heading of the limits and the text of each, the lowest first."""
    found = {_key(band.limit): band.limit for band in every}
    some = [limit for limit in found.values() if limit is not None]
    units = {_key(limit)[2] for limit in some}
    word = "up to" if bands.ends == "up_to" else "from"
    single = len(units) == 1 and some[0].name == ""
    if single:
        unit = limit_words(replace(some[0], amount=(1, 1))).removeprefix("1").strip()
        word = f"{word} {unit}".strip()
    texts = {}
    for key in sorted(found):
        limit = found[key]
        if limit is None:
            texts[key] = "above" if some and bands.ends == "up_to" else ""
        else:
            texts[key] = ratio_text(limit.amount) if single else limit_words(limit)
    return word, texts


@dataclass(frozen=True, slots=True)
class _Sized:
    """A grid and the widths of its columns."""

    grid: Grid
    lead: tuple[int, ...]
    price: tuple[int, ...]

    @classmethod
    def of(cls, grid: Grid) -> _Sized:
        """Measure a grid."""
        names = [(name, *(row[0][i] for row in grid.rows)) for i, name in enumerate(grid.lead)]
        prices = [(name, *(row[1][i] for row in grid.rows)) for i, name in enumerate(grid.heading)]
        return cls(grid, tuple(map(_widest, names)), tuple(map(_widest, prices)))

    def blocks(self, width: int) -> list[list[int]]:
        """Return which columns of prices stand together on a page, the names before each lot."""
        start = sum(self.lead) + len(GAP) * max(0, len(self.lead) - 1)
        blocks: list[list[int]] = [[]]
        used = start
        for i, one in enumerate(self.price):
            if blocks[-1] and used + len(GAP) + one > width:
                blocks.append([])
                used = start
            blocks[-1].append(i)
            used += len(GAP) + one
        return blocks

    def lines(self, columns: Sequence[int], height: int = 0) -> list[str]:
        """Return the heading and a line a row that has a price in one of the columns.

        A name that stands in the row above is left out, but at the top of a column of the page,
        which is so many rows high; 0 is one column.
        """
        found = [self._line(self.grid.lead, [self.grid.heading[i] for i in columns], columns)]
        before: tuple[str, ...] = ()
        for names, prices in self.grid.rows:
            if all(prices[i] == NONE for i in columns):
                continue
            if height and (len(found) - 1) % height == 0:
                before = ()
            alike = 0
            while alike < len(names) - 1 and names[: alike + 1] == before[: alike + 1]:
                alike += 1
            before = names
            told = [*[""] * alike, *names[alike:]]
            found.append(self._line(told, [prices[i] for i in columns], columns))
        return found

    def _line(self, names: Sequence[str], prices: Sequence[str], columns: Sequence[int]) -> str:
        flush = self.grid.heading != WORDS
        limits = [name.startswith(("up to", "from")) for name in self.grid.lead]
        parts = [
            pad(text, width, right=limit)
            for text, width, limit in zip(names, self.lead, limits, strict=True)
        ]
        parts += [
            pad(text, self.price[i], right=flush) for text, i in zip(prices, columns, strict=True)
        ]
        return GAP.join(parts).rstrip()


def _widest(texts: Sequence[str]) -> int:
    return max(map(cells, texts))


def _flowed(sized: _Sized, columns: Sequence[int], width: int) -> list[str]:
    """Return a slim table in as many columns as the page holds, read downwards."""
    lines = sized.lines(columns)
    widest = _widest(lines)
    count = min(MOST_COLUMNS, (width + len(BETWEEN)) // (widest + len(BETWEEN)))
    if count < 2:
        return lines
    height = -(-(len(lines) - 1) // count)
    heading, *rows = sized.lines(columns, height)
    parts = [[heading, *rows[i : i + height]] for i in range(0, len(rows), height)]
    return [
        BETWEEN.join(pad(part[i] if i < len(part) else "", widest) for part in parts).rstrip()
        for i in range(height + 1)
    ]
