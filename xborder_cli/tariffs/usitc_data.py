"""What the schedule of the United States leaves to its general notes, as tables beside the code."""

from __future__ import annotations

from importlib import resources


def read_data(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of `xborder_cli/tariffs/data`, by column; `#` begins a remark."""
    import csv

    place = resources.files("xborder_cli.tariffs") / "data" / name
    text = place.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines))
