"""Orders of one file on both sides of a change: each is priced by the rules of its own day."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from typing import TYPE_CHECKING

from xborder_cli.adapters.shipments import read_shipment
from xborder_cli.adapters.stated import Stated
from xborder_cli.core.pipeline import quote
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import minor_text, parse_day

if TYPE_CHECKING:
    from pathlib import Path

# the day before a change and the day itself, where the market's rules turn
TURNS = [
    ("AT", "2026-06-30", "2026-07-01"),  # the EU's duty on small consignments
    ("PL", "2026-10-31", "2026-11-01"),  # the Union handling fee
    ("US", "2025-08-28", "2025-08-29"),  # the end of de minimis
    ("US", "2026-08-21", "2026-08-22"),
]
FIELDS = "order_id,service,freight,duty,tax,fees,total,currency,problem"


def test_each_order_has_the_price_of_its_day(tmp_path: Path) -> None:
    rows = [
        (f"{to}-{day}", "CN", to, "0.4kg", "20x15x5cm", "38", "EUR", "t-shirt-cotton", day)
        for to, before, after in TURNS
        for day in (after, before)
    ]
    with (tmp_path / "orders.csv").open("w", newline="") as file:
        write = csv.writer(file).writerow
        write(
            ["order_id", "from", "to", "weight", "size", "value", "currency", "goods", "ordered_on"]
        )
        for row in rows:
            write(row)
    ran = subprocess.run(
        [sys.executable, "-m", "xborder_cli", "batch", "orders.csv", "--fields", FIELDS, "-q"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )
    found = {row["order_id"]: row for row in csv.DictReader(io.StringIO(ran.stdout))}
    tables = open_tables([bundled_folder()])
    for name, origin, to, weight, size, value, currency, goods, day in rows:
        stated = Stated(
            origin=origin,
            destination=to,
            weight=weight,
            size=size,
            value=value + currency,
            goods=goods,
            on=day,
        )
        answer = quote(tables, read_shipment(stated, today=parse_day(day)))
        mine = found[name]
        if not answer.options:
            assert mine["problem"], name
            continue
        best = answer.options[0]
        amounts = (best.freight_minor, best.duty_minor, best.tax_minor, best.fees_minor)
        expected = [minor_text(one, 2) for one in (*amounts, best.total_minor)]
        shown = [mine[field] for field in ("freight", "duty", "tax", "fees", "total")]
        assert (mine["service"], shown) == (best.service, expected), name
    # and the change is one: what was not owed the day before is owed on the day
    changed = [(found[f"{to}-{before}"], found[f"{to}-{after}"]) for to, before, after in TURNS]
    assert float(changed[0][0]["duty"] or 0) == 0 < float(changed[0][1]["duty"])
    assert float(changed[1][0]["fees"]) < float(changed[1][1]["fees"])
