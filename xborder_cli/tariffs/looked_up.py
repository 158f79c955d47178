"""What the tables around an import make of it: who looks it up, and what it lies over."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from xborder_cli.tables.names import lookups
from xborder_cli.tables.steps import steps
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.rule import Day
    from xborder_cli.tables.tables import Tables
    from xborder_cli.tariffs.kept import KeptTable

_NEAR: Final = 0.5  # likeness of a name that may be meant
_MOST: Final = 3  # names that are proposed


def nobody_looks_up(tables: Tables, tariff: str, programme: str) -> str:
    """Return why nothing of a programme is ever charged; "" when some market looks it up."""
    of_tariff: set[str] = set()
    tariffs: set[str] = set()
    for step in steps(tables):
        if step.market is None:
            continue
        tariffs |= {step.market.id, step.market.tariff}
        if tariff in (step.market.id, step.market.tariff):
            of_tariff |= {name for charge in step.charges for name in lookups(charge)}
    if programme in of_tariff or not tariffs:  # of markets that nobody has, none can be missed
        return ""
    if tariff not in tariffs:
        what = f"no market reads a tariff {tariff}"
        return f"{what}, so that nothing of it is charged; {_meant(tariff, tariffs)}"
    what = f"no market of {tariff} looks up a programme {programme}"
    return f"{what}, so that nothing of it is charged; {_meant(programme, of_tariff)}"


def _meant(name: str, known: Iterable[str]) -> str:
    names = sorted(one for one in known if one)
    near = difflib.get_close_matches(name, names, _MOST, _NEAR)
    return f"did you mean {' or '.join(near)}?" if near else f"known are {' '.join(names)}"


def held_below(tables: Tables, table: KeptTable, day: Day) -> str:
    """Return how many rates of the folders below stay in force beside a table that lies over them.

    Args:
        tables: with the table laid over those below.
        table: of the import.
        day: on which they hold.
    """
    titles = {one.title for one in table.revisions}
    found = tables.programmes.get((table.tariff, table.programme.id))
    count = sum(
        row.provenance.title not in titles
        and row.since <= day
        and (row.until is None or day <= row.until)
        for row in (found.rows if found is not None else ())
    )
    if not count:
        return ""
    return (
        f"{table.programme.id}: beside it {count:,} rate{'s' * (count > 1)} of the tables below"
        f" hold{'s' * (count == 1)} on {day_text(day)}; --whole if the file is the whole tariff"
    )
