"""What must be known to read a tariff and stands in no tariff: the tables in `data/`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table in `data/`, by heading; lines that begin with # are remarks."""
    lines = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))


@dataclass(frozen=True, slots=True)
class MeasureType:
    """What becomes of the measures of one type."""

    id: str
    name: str
    programme: str  # "" when they are left
    part: str  # of a programme whose parts add up
    rank: int
    why: str  # they are left
    duty: bool  # else they are by their kind no customs duty
    note: str  # of their rates


@cache
def measure_types() -> dict[str, MeasureType]:
    """Return the types of measure that are known, by their number."""
    return {
        row["type"]: MeasureType(
            row["type"],
            row["name"],
            row["programme"],
            row["part"],
            int(row["rank"] or 0),
            row["why"],
            row["duty"] != "no",
            row["note"],
        )
        for row in table("eu_measure_types")
    }


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a programme whose parts are due together, as notes speak of it."""

    name: str
    caution: str


@cache
def programme_parts() -> dict[str, Part]:
    """Return the parts by their id, in the order in which notes name them."""
    return {row["part"]: Part(row["name"], row["caution"]) for row in table("eu_parts")}
