"""Everything the tables say, checked, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.rule import (
        Day,
        Goods,
        Market,
        Mode,
        Programme,
        RateCard,
        Ratio,
        Surcharge,
    )
    from xborder_cli.errors import Problem


@dataclass(frozen=True, slots=True)
class FxRow:
    """One `base` is `rate` of `quote` on a day; a peg holds from its day on.

    A rate with an `until` was set for the days from its own to that one.
    """

    day: Day
    base: str
    quote: str
    rate: Ratio
    peg: bool
    source: str  # title of the source
    table: str
    line: int
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """Checked rules of all folders, later folders over earlier ones.

    Markets stand with their union's part merged in, `$name` values put in their places.
    Market lookups are programmes whose tariff is the market's id.
    """

    cards: tuple[RateCard, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    markets: dict[str, Market] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # EU -> members
    programmes: dict[tuple[str, str], Programme] = field(default_factory=dict)
    modes: dict[str, Mode] = field(default_factory=dict)
    home: str = ""
    defaults: dict[str, str] = field(
        default_factory=dict
    )  # lot, storage_days, return_rate, ... as text
    goods: dict[str, Goods] = field(default_factory=dict)
    fx_rows: tuple[FxRow, ...] = ()
    currencies: dict[str, int] = field(default_factory=dict)  # code -> minor digits
    countries: dict[str, str] = field(default_factory=dict)  # ISO2 -> English name
    other_names: dict[str, str] = field(default_factory=dict)  # UK -> GB, as people write
    folders: tuple[str, ...] = ()
    digest: str = ""
    paths: dict[str, str] = field(default_factory=dict)  # table -> its file as people name it
    columns: dict[tuple[str, int], int] = field(default_factory=dict)  # (table, line) -> column
    warnings: tuple[Problem, ...] = ()
