"""Tables whose rows add up to one list: modes, goods, currencies, countries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xborder_cli.core.rule import Goods, Mode, Step
from xborder_cli.tables.node import Listing, Mapping, Node
from xborder_cli.units import parse_decimal, parse_weight_mg

if TYPE_CHECKING:
    from xborder_cli.core.rule import Ratio
    from xborder_cli.errors import Where
    from xborder_cli.tables.grid import Grid, Row
    from xborder_cli.tables.reader import Reader

# weights are not among them: a parcel's own weight stands in for those
PIECE_UNITS: Final = ("pair", "litre", "litre_alcohol", "vol_hl")
_MODE_KEYS = ("name", "name_zh", "direction", "steps", "patterns", "missing", "note", "source")
_STEP_KEYS = ("leg", "event", "at", "channel", "scope", "value", "optional")


@dataclass(slots=True)
class ModeTables:
    """What all tables of kind modes say together."""

    modes: dict[str, Mode] = field(default_factory=dict)
    home: str = ""
    defaults: dict[str, str] = field(default_factory=dict)


def read_modes(reader: Reader, node: Mapping, found: ModeTables) -> None:
    """Add the modes of a table to those found; a mode of the same id takes the place."""
    if home := reader.text(node.get("home")):
        reader.places([home], node.entries["home"])
        found.home = home
    for key, value in reader.mapping(node.get("defaults"), "defaults") or ():
        found.defaults[key.text] = reader.text(value)
    for key, value in reader.mapping(node.get("modes"), "modes") or ():
        mode = reader.mapping(value, "a mode", _MODE_KEYS)
        if mode is None or not reader.require(mode, "a mode", "name", "direction"):
            continue
        provenance = replace(reader.provenance, line=key.line)
        found.modes[key.text] = Mode(
            id=key.text,
            name=reader.text(mode.get("name")),
            direction=reader.choice(mode.get("direction"), ("export", "import"), "export"),
            patterns=_patterns(reader, mode),
            provenance=provenance,
            name_zh=reader.text(mode.get("name_zh")),
            missing=reader.text(mode.get("missing")),
        )


def _patterns(reader: Reader, mode: Mapping) -> tuple[tuple[Step, ...], ...]:
    steps, patterns = mode.get("steps"), mode.get("patterns")
    if (steps is None) == (patterns is None):
        fix = "give steps: [...], or patterns: [[...], [...]]"
        reader.report("missing-key", mode, "a mode has either steps or patterns", fix)
        return ()
    chains: list[Node] = [steps] if steps is not None else reader.items(patterns, "patterns")
    return tuple(_steps(reader, chain) for chain in chains)


def _steps(reader: Reader, chain: Node) -> tuple[Step, ...]:
    if isinstance(chain, Mapping):  # a pattern may say {steps: [...]}
        reader.mapping(chain, "a pattern", ("steps",))
        chain = chain.get("steps") or Listing(chain.page, chain.line, chain.column, [])
    steps: list[Step] = []
    for item in reader.items(chain, "steps"):
        node = reader.mapping(item, "a step", _STEP_KEYS)
        if node is None:
            continue
        if ("leg" in node.entries) == ("event" in node.entries):
            fix = "write {leg: NAME} or {event: entry}"
            reader.report("bad-step", node, "a step is either a leg or an event", fix)
            continue
        steps.append(
            Step(
                leg=reader.text(node.get("leg")),
                event=reader.choice(node.get("event"), ("export", "entry", "sale")),
                at=reader.choice(node.get("at"), ("lane", "origin", "destination"), "lane"),
                channel=reader.text(node.get("channel")),
                scope=reader.choice(node.get("scope"), ("parcel", "lot"), "parcel"),
                value=reader.choice(node.get("value"), ("goods", "transfer_value"), "goods"),
                optional=reader.flag(node.get("optional")),
            )
        )
    return tuple(steps)


def read_goods(reader: Reader, node: Mapping, found: dict[str, Goods]) -> None:
    """Add the goods of a table to those found."""
    optional = ("name_zh", "traits", "weight", "source", "lines", "also", "units")
    for row in named_rows(reader, node.get("goods"), ("slug", "name", "hs"), optional):
        slug, hs = row.cell("slug"), row.cell("hs")
        if hs and not (hs.isascii() and hs.isdigit() and len(hs) >= 4):
            reader.report("bad-hs", row.where("hs"), f'"{hs}" is not an HS code', "write 610910")
            continue
        weight = _weight_mg(reader, row)
        found[slug] = Goods(
            slug=slug,
            name=row.cell("name"),
            name_zh=row.cell("name_zh"),
            hs=hs,
            traits=tuple(row.cell("traits").split()),
            weight_mg=weight,
            lines=_lines(reader, row, hs),
            units=_piece_units(reader, row),
            also=tuple(word.strip() for word in row.cell("also").split(",") if word.strip()),
            provenance=replace(reader.provenance, line=row.line),
        )


def _lines(reader: Reader, row: NamedRow, hs: str) -> tuple[tuple[str, str], ...]:
    """Return the codes of `US:6109100012 EU:61091000`, each longer than the goods' own."""
    found = []
    for cell in row.cell("lines").split():
        market, _, code = cell.partition(":")
        if market.isupper() and code.isascii() and code.isdigit() and code.startswith(hs):
            found.append((market, code))
        else:
            what = f'"{cell}" is no market with its code below {hs}'
            reader.report("bad-hs", row.where("lines"), what, f"write US:{hs}0012")
    return tuple(found)


def _piece_units(reader: Reader, row: NamedRow) -> tuple[tuple[str, Ratio], ...]:
    """Return what a piece measures, written `pair=1`."""
    found = []
    for cell in row.cell("units").split():
        name, _, text = cell.partition("=")
        if name not in PIECE_UNITS:
            what = f'"{cell}" is nothing that a piece measures'
            fix = f"write pair=1; known are {', '.join(PIECE_UNITS)}"
            reader.report("unknown-unit", row.where("units"), what, fix)
            continue
        amount = reader.attempt(row.where("units"), lambda text=text: parse_decimal(text))  # type: ignore[misc]
        if amount is not None and amount[0] > 0:
            found.append((name, amount))
        elif amount is not None:
            what = f'"{cell}" measures nothing'
            reader.report("bad-value", row.where("units"), what, "write a number above 0")
    return tuple(found)


def _weight_mg(reader: Reader, row: NamedRow) -> int:
    text = row.cell("weight")
    if not text:
        return 0
    return reader.attempt(row.where("weight"), lambda: parse_weight_mg(text)) or 0


def read_currencies(reader: Reader, node: Mapping, found: dict[str, int]) -> None:
    """Add the currencies of a table: code to digits of the minor unit."""
    for row in named_rows(reader, node.get("currencies"), ("code", "digits"), ("name",)):
        code, digits = row.cell("code"), row.cell("digits")
        if not digits.isdigit() or int(digits) > 6:
            what = f'"{digits}" is not a number of digits'
            reader.report("bad-digits", row.where("digits"), what, "write 0, 2 or 3")
        elif len(code) != 3 or not code.isupper():
            what = f'"{code}" is not a currency code'
            reader.report("bad-code", row.where("code"), what, "write three capitals")
        else:
            found[code] = int(digits)


def read_countries(
    reader: Reader,
    node: Mapping,
    found: dict[str, str],
    unions: dict[str, dict[str, None]],
    also: dict[str, str] | None = None,
) -> None:
    """Add the countries of a table: code to name, who belongs to which union, other names."""
    for row in named_rows(reader, node.get("countries"), ("code", "name"), ("union", "also")):
        code = row.cell("code")
        if len(code) != 2 or not code.isupper():
            what = f'"{code}" is not a country code'
            reader.report("bad-code", row.where("code"), what, "write two capitals")
            continue
        found[code] = row.cell("name")
        for union in row.cell("union").split():
            unions.setdefault(union, {})[code] = None
        if also is not None:
            names = (name.strip() for name in row.cell("also").split(","))
            also.update((name, code) for name in names if name)


@dataclass(slots=True)
class NamedRow:
    """A row whose cells are asked for by heading."""

    row: Row
    grid: Grid

    @property
    def line(self) -> int:
        """The line of the file that it stands in."""
        return self.row.line

    def cell(self, name: str) -> str:
        """Return the cell under a heading; "" when there is none."""
        place = self.grid.index(name)
        return self.row.cells[place] if place is not None else ""

    def where(self, name: str) -> Where:
        """Return the place of the cell under a heading."""
        return self.row.where(self.grid.index(name) or 0)


def named_rows(
    reader: Reader, node: Node | None, required: tuple[str, ...], optional: tuple[str, ...]
) -> list[NamedRow]:
    """Return the rows of a grid that have all that they must."""
    grid = reader.grid(node)
    if grid is None:
        return []
    for place, name in enumerate(grid.heading.cells):
        if name not in required and name not in optional:
            fix = f"columns are {', '.join((*required, *optional))}"
            reader.report("bad-heading", grid.heading.where(place), f'no column is "{name}"', fix)
    missing = [name for name in required if grid.index(name) is None]
    for name in missing:
        what = f'the grid has no column "{name}"'
        reader.report("bad-heading", grid.heading.where(0), what, f"add {name} to the heading")
    if missing:
        return []
    rows = [NamedRow(row, grid) for row in grid.rows]
    good: list[NamedRow] = []
    for row in rows:
        empty = [name for name in required if not row.cell(name)]
        if empty:
            reader.report("empty-key", row.where(empty[0]), f'"{empty[0]}" is empty', "fill it in")
        else:
            reader.columns[reader.provenance.table, row.line] = row.row.columns[0]
            good.append(row)
    return good
