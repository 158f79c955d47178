"""The list of services on a terminal: the columns that fit, words wrapped, long lists folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.paper import LEAST as PAPER_LEAST
from xborder_cli.cli.render.text import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rows import Row

FIELDS = (
    "id", "carrier_name", "service", "modes", "leg", "origins", "to", "from", "until", "price",
    "confidence",
)  # fmt: skip
# what goes first where there is no room for all
SPARED = ("until", "carrier_name", "confidence", "to", "modes", "leg", "origins", "from")
SPARED_FIRST = ("carrier_name", "service", "modes", "to", "until", "confidence")
WIDE = 120  # cells from which a service is one line
LEAST = {"service": 18}  # cells in which words can be read
GAP = 2
HEADINGS = {"origins": "in or from", "carrier_name": "carrier", "confidence": "conf."}
FOLDED = {"origins": 3, "to": 4}  # countries that a cell names, and how many more there are


def services_text(rows: Iterable[Row], paper: Paper) -> str:
    """Return the list as wide as the paper; on a narrow one names stand below ids."""
    found = list(rows)
    columns = {name: [_cell(row, name) for row in found] for name in FIELDS}
    narrow = paper.width < WIDE
    for name in SPARED_FIRST if narrow else ():
        columns.pop(name)
    same_leg = ("leg",) if len(set(columns["leg"])) == 1 else ()  # asked for: it says nothing
    for name in (*same_leg, *SPARED):
        if _least(columns) <= paper.width:
            break
        columns.pop(name, None)
    heading = [HEADINGS.get(name, name) for name in columns]
    table = list(zip(*columns.values(), strict=True))
    if not narrow or not table:
        paper.columns(table, heading=heading, indent=0)
        return paper.text()
    heading[0] = "id / service"
    paper.columns([], heading=heading, like=[heading, *table], indent=0)
    for cells_, row in zip(table, found, strict=True):
        paper.columns([cells_], like=[heading, *table], indent=0)
        paper.words(row["service"], 2, style="dim")
    return paper.text()


def _least(columns: Mapping[str, Sequence[str]]) -> int:
    """Return the cells that columns need when every word stays whole."""
    widths = []
    for name, texts in columns.items():
        words = [
            cells(word) for text in (HEADINGS.get(name, name), *texts) for word in text.split()
        ]
        natural = max(cells(text) for text in (HEADINGS.get(name, name), *texts))
        widths.append(min(natural, max(LEAST.get(name, PAPER_LEAST), *words)))
    return sum(widths) + GAP * (len(widths) - 1)


def _cell(row: Row, name: str) -> str:
    if name in FOLDED:
        return folded(row[name].split(), FOLDED[name])
    return row[name].replace("_", " ") if name in ("leg", "modes") else row[name]


def folded(codes: Sequence[str], most: int) -> str:
    """Return the first of some codes and how many more there are.

    >>> folded(["DE", "FR", "IT", "ES"], 2), folded(["DE", "FR", "IT"], 2)
    ('DE FR +2', 'DE FR IT')
    """
    if len(codes) <= most + 1:
        return " ".join(codes)
    return f"{' '.join(codes[:most])} +{len(codes) - most}"
