"""Print how much of the goods table each tariff covers on some days.

A tool, not a test: ``python tests/rates/duty_coverage.py [DAY ...]``. A good counts as covered
where a row of the tariff's `mfn` programme holds for its subheading on the day, for any origin and
without a condition; a rate that only words tell counts too, for it is not silent.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xborder_cli.tables.load import load_tables

if TYPE_CHECKING:
    from xborder_cli.core.rule import ProgrammeRow
    from xborder_cli.tables.tables import Tables

RATES = Path(__file__).parents[2] / "rates"
EPOCH = date(1970, 1, 1)
DAYS = ("2024-01-01", "2024-06-01", "2025-06-01", "2026-11-23")


def load_duties() -> Tables:
    """Load the duties and what they refer to, and nothing else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("countries.yaml", "currencies.yaml", "goods.yaml", "modes.yaml"):
            shutil.copy(RATES / file, folder / file)
        for part in ("duties", "fx"):
            shutil.copytree(RATES / part, folder / part)
        return load_tables([folder])


def covers(row: ProgrammeRow, code: str, on: date) -> bool:
    """Say whether the row holds for every article of the subheading on the day."""
    day = (on - EPOCH).days
    return (
        code.startswith(row.hs)
        and not row.origin
        and not row.when
        and row.since <= day
        and (row.until is None or day <= row.until)
    )


def main(days: list[str]) -> None:
    """Print one line a tariff: rows, first day, share of the goods on each day."""
    tables = load_duties()
    codes = [good.hs for good in tables.goods.values()]
    wanted = [date.fromisoformat(day) for day in days or DAYS]
    print(f"{len(codes)} goods".ljust(10), "rows", "first day ", *wanted)
    for (tariff, identity), programme in sorted(tables.programmes.items()):
        if identity != "mfn":
            continue
        first = EPOCH + timedelta(days=min(row.since for row in programme.rows))
        shares = [
            sum(any(covers(row, code, on) for row in programme.rows) for code in codes)
            for on in wanted
        ]
        cells = [f"{100 * share / len(codes):8.0f} %" for share in shares]
        print(tariff.ljust(10), f"{len(programme.rows):4}", first, *cells)


if __name__ == "__main__":
    main(sys.argv[1:])
