"""`xb batch`: prices files of orders; a bad row never stops a file and never vanishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from xborder_cli.cli.flags import OutputFlags, TableFlags, flag, switch, takes
from xborder_cli.cli.options import OUTPUT_GROUP, RANK, RANKING, SHIPMENT_GROUP, TABLES_GROUP

if TYPE_CHECKING:
    from typer.models import OptionInfo

    from xborder_cli.adapters.stated import Stated

EXAMPLES = """\b
Examples:
  xb batch orders.csv -o priced.csv --rejects bad.csv
  xb batch --check orders.csv
  xb batch 'export-*.csv.gz' --preset shopify --catalog products.csv --from CN -o priced.parquet
  xb batch export.csv --map order_id=Name --map 'to=Shipping Country' --from CN --weight 0.5kg
  cat orders.jsonl | xb batch - --format jsonl | jq .landed_cost
"""
READING, WRITING, RUNNING = "Reading", "Writing", "Running"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFlags:
    """How the input is read."""

    preset: str = ""
    maps: tuple[str, ...] = ()
    catalog: str = ""
    input_format: str = ""
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFlags:
    """Where the output goes, and what it carries."""

    out: str = ""
    rejects: str = ""
    report: str = ""
    keep: tuple[str, ...] = ()
    for_excel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFlags:
    """How the run is done."""

    check: bool = False
    resume: bool = False
    workers: str = ""
    block_size: str = ""


READ: dict[str, OptionInfo] = {
    "preset": flag(
        "--preset",
        metavar="NAME",
        group=READING,
        help="whose export it is: `xb rates list presets` names all",
    ),
    "maps": flag(
        "--map",
        metavar="OURS=THEIRS",
        group=READING,
        help="their column for one of ours; repeatable",
    ),
    "catalog": flag(
        "--catalog",
        metavar="FILE",
        group=READING,
        help="products by sku: weight, size, hs, origin, traits",
    ),
    "input_format": flag(
        "--input-format",
        metavar="FORMAT",
        group=READING,
        help="csv, jsonl or parquet, when its look does not tell",
    ),
    "encoding": flag("--encoding", metavar="NAME", group=READING, help="utf-8, utf-16 or gb18030"),
    "delimiter": flag(
        "--delimiter", metavar="CHAR", group=READING, help="between cells; tab is \\t"
    ),
}
WRITE: dict[str, OptionInfo] = {
    "out": flag(
        "--out",
        "-o",
        metavar="FILE",
        group=WRITING,
        help="where priced orders go (.csv .jsonl .parquet), written when whole",
    ),
    "rejects": flag(
        "--rejects",
        metavar="FILE",
        group=WRITING,
        help="where rows go that cannot be read, with why",
    ),
    "report": flag(
        "--report", metavar="FILE", group=WRITING, help="the summary as JSON; - is stderr"
    ),
    "keep": flag(
        "--keep",
        metavar="COLUMN",
        group=WRITING,
        help="carry a column of theirs through; repeatable; * is all",
    ),
    "for_excel": switch(
        "--for-excel", group=WRITING, help="CSV that a spreadsheet opens without running or bending"
    ),
}
RUN: dict[str, OptionInfo] = {
    "check": switch(
        "--check", group=RUNNING, help="say what each column is taken for, price three orders"
    ),
    "resume": switch("--resume", group=RUNNING, help="go on where a killed run stopped"),
    "workers": flag(
        "--workers", metavar="N", group=RUNNING, help="processes; one a core when left out"
    ),
    "block_size": flag(
        "--block-size", metavar="SIZE", group=RUNNING, help="input read at a time, such as 8MiB"
    ),
}


@takes(
    shipment=SHIPMENT_GROUP,
    reading=(ReadFlags, READ),
    writing=(WriteFlags, WRITE),
    running=(RunFlags, RUN),
    output=OUTPUT_GROUP,
    tables=TABLES_GROUP,
)
def batch(
    ctx: typer.Context,
    shipment: Stated,
    reading: ReadFlags,
    writing: WriteFlags,
    running: RunFlags,
    output: OutputFlags,
    tables: TableFlags,
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE", help="orders: CSV, JSON lines, Parquet, also packed; - is stdin"
        ),
    ] = None,
    currency: Annotated[str, RANK["currency"]] = "",
    by: Annotated[str, RANK["by"]] = "cost",
    day_value: Annotated[str, RANK["day_value"]] = "",
    top: Annotated[str, RANK["top"]] = "",
    everything: Annotated[bool, switch("--all", group=RANKING, help="every option")] = False,
) -> None:
    """Price files of orders; flags of a parcel hold where a row has nothing of its own.

    --value, --quantity, --unit and --part hold for orders of one line. Rows of a file with the same
    order_id make one order, wherever they stand; in a pipe they stand together. A blank order_id is
    named by its line, as line-17.
    """
    from xborder_cli.cli.batch_run import Asked, price_files

    asked = Asked(
        files=tuple(files or ()),
        shipment=shipment,
        reading=reading,
        writing=writing,
        running=running,
        output=output,
        tables=tables,
        currency=currency,
        by=by,
        day_value=day_value,
        top=top,
        everything=everything,
    )
    price_files(ctx, asked)
