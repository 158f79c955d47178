"""What the headings of a file mean: ours, mapped by the user, of a preset, with their units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xborder_cli.adapters.order_cells import OF_PIECE, SIDES
from xborder_cli.adapters.order_rows import normal
from xborder_cli.adapters.orders import KNOWN, REQUIRED
from xborder_cli.batch.heading_names import named
from xborder_cli.batch.heading_units import OF_LENGTH, OF_MONEY, OF_WEIGHT, split_unit, unit_of
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xborder_cli.adapters.stated import Stated
    from xborder_cli.batch.presets import Preset

ALIASES: Final = {  # how exports call what we know; a column of our own name goes before
    "price": "unit_price",
    "qty": "quantity",
    "hs_code": "hs",
    "hscode": "hs",
    "country_of_origin": "origin",
    "order_date": "ordered_on",
    "currency_code": "currency",
    "on": "ordered_on",  # the flags' own names
    "trait": "traits",
    "claim": "claims",
}
PRICES: Final = {
    "unit_price": "the price of one piece",
    "item_price": "what the buyer pays for one piece",
    "item_cogs": "what one piece costs you",
}
PLURAL: Final = {"unit": "units", "part": "parts", "option": "options", "fee": "fees"}
MAP, PRESET, OURS, UNIT, ALIAS = "map", "preset", "ours", "unit", "alias"
RANKS: Final = {MAP: 0, PRESET: 1, OURS: 2, UNIT: 2, ALIAS: 3}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one heading means."""

    heading: str  # as the file has it
    ours: str = ""  # our column; "" when it is not used
    unit: str = ""  # of its numbers, from the heading: g, cm, USD
    why: str = ""  # map, preset, ours, unit, alias; "" when it is not used
    known: str = ""  # what it could mean, when another column was taken for that


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How headings are understood; the same for every heading of a run."""

    mapped: tuple[tuple[str, str], ...] = ()  # (theirs, ours)
    preset: tuple[tuple[str, str, str], ...] = ()  # (theirs as we write, ours, unit)
    preset_name: str = ""
    currencies: frozenset[str] = frozenset()
    catalogued: bool = False

    def meaning(self, heading: str) -> Meaning:
        """Return what a heading means by itself, whatever else is there."""
        base, word = split_unit(heading)
        plain = normal(heading)
        for theirs, ours in self.mapped:
            if theirs == heading:
                column, unit = ours_of(ours, self.currencies)
                return Meaning(heading, column, unit or unit_of(column, word, self.currencies), MAP)
        for theirs, ours, unit in self.preset:
            if theirs == plain:
                return Meaning(heading, ours, unit, PRESET)
        if plain in KNOWN:
            return Meaning(heading, plain, "", OURS)
        for name, why in ((base, UNIT), (ALIASES.get(base, ""), ALIAS)):
            if name in KNOWN and (unit := unit_of(name, word, self.currencies)):
                return Meaning(heading, name, unit, why)
        if plain in ALIASES:
            return Meaning(heading, ALIASES[plain], "", ALIAS)
        return Meaning(heading)


def ours_of(name: str, currencies: Collection[str]) -> tuple[str, str]:
    """Return our column and its unit, from how --map names it; "" when there is no such column.

    >>> ours_of("weight_g", ()), ours_of("unit_price_usd", ["USD"]), ours_of("wait", ())
    (('weight', 'g'), ('unit_price', 'USD'), ('', ''))
    """
    plain = normal(name)
    if plain in KNOWN:
        return plain, ""
    base, word = split_unit(name)
    unit = unit_of(base, word, currencies)
    return (base, unit) if base in KNOWN and unit else ("", "")


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the headings of an input mean; those that come later are judged by the same rules."""

    columns: tuple[Meaning, ...]
    rules: Rules
    remarks: tuple[str, ...] = ()
    _by_name: dict[str, Meaning] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the columns by heading."""
        self._by_name.update({one.heading: one for one in self.columns})

    def of(self, heading: str) -> Meaning:
        """Return what a heading means; one not seen before may say again what others say."""
        found = self._by_name.get(heading)
        if found is None:
            found = self.rules.meaning(heading)
            better = [one for one in self.columns if _clash(one.ours, found.ours)]
            if any(RANKS[one.why] < RANKS[found.why] for one in better):
                found = Meaning(heading, known=found.ours)
            self._by_name[heading] = found
        return found

    @property
    def order_id(self) -> str | None:
        """Heading that names orders, None when each row is one."""
        return next((one.heading for one in self.columns if one.ours == "order_id"), None)

    @property
    def items(self) -> ItemHeadings:
        """Headings whose lists are item lines, those that come later too."""
        return ItemHeadings(self)

    @property
    def unused(self) -> tuple[str, ...]:
        """Headings that mean nothing here."""
        return tuple(one.heading for one in self.columns if not self.wanted(one.heading))

    def wanted(self, heading: str) -> bool:
        """Tell whether a heading's cells are read."""
        ours = self.of(heading).ours
        return bool(ours) and (ours != "sku" or self.rules.catalogued)

    def theirs(self) -> dict[str, str]:
        """Return our column -> theirs."""
        return {one.ours: one.heading for one in self.columns if one.ours}


@dataclass(frozen=True, slots=True)
class ItemHeadings(Collection[str]):
    """Headings that mean item lines; it is asked of each heading when it is met."""

    meanings: Meanings

    def __contains__(self, heading: object) -> bool:
        """Tell whether a heading means item lines."""
        return isinstance(heading, str) and self.meanings.of(heading).ours == "items"

    def __iter__(self) -> Iterator[str]:
        """Yield those that were there at the beginning."""
        return iter(one.heading for one in self.meanings.columns if one.ours == "items")

    def __len__(self) -> int:
        """Return how many were there at the beginning."""
        return sum(1 for _ in self)


def takes_unit(column: str) -> bool:
    """Tell whether a column of ours holds numbers that have a unit."""
    return column in (*OF_WEIGHT, *OF_LENGTH, *OF_MONEY, "ordered_on")


def _clash(one: str, other: str) -> bool:
    """Tell whether two columns say the same: a size is also said by its sides."""
    if not one or not other:
        return False
    return one == other or (one in OF_LENGTH and other in OF_LENGTH and "size" in (one, other))


def meanings_of(
    headings: Sequence[str],
    path: str,
    *,
    mapped: Mapping[str, str],
    preset: Preset | None = None,
    currencies: Collection[str] = (),
    catalogued: bool = False,
) -> Meanings:
    """Return what each heading of a file means.

    Args:
        headings: as the file has them.
        path: its name, for messages.
        mapped: our column, also with a unit as in weight_g -> theirs.
        preset: whose export it is said to be.
        currencies: codes that a heading may end with.
        catalogued: there is a catalogue, so that `sku` is read.

    Raises:
        OrderError: --map names a column that is not there, or two columns mean the same.
    """
    rules = Rules(
        mapped=tuple((theirs, ours) for ours, theirs in mapped.items()),
        preset=preset.rules if preset else (),
        preset_name=preset.name if preset else "",
        currencies=frozenset(currencies),
        catalogued=catalogued,
    )
    problems = []
    for theirs in mapped.values():
        if theirs not in headings:
            what = f'no column "{theirs}", which --map names'
            fix = f"columns are {named(headings, theirs)}"
            problems.append(Problem(code="no-column", where=Where(path, 1), what=what, fix=fix))
    found = [rules.meaning(heading) for heading in headings]
    columns = []
    told: set[str] = set()
    meant = [one for one in found if one.ours]  # few, however many columns there are
    for one in found:
        others = [other for other in meant if other is not one and _clash(one.ours, other.ours)]
        if any(RANKS[other.why] < RANKS[one.why] for other in others):
            columns.append(Meaning(one.heading, known=one.ours))
            continue
        same = [o for o in columns if o in others and RANKS[o.why] == RANKS[one.why]]
        columns.append(one)
        if same and one.ours not in told:
            told.add(one.ours)
            problems.append(_twice(one, same[0], path))
    if problems:
        raise OrderError(problems)
    return Meanings(tuple(columns), rules, _remarks(columns))


def _twice(one: Meaning, other: Meaning, path: str) -> Problem:
    ours = one.ours if one.ours == other.ours else "size"
    what = f'two columns mean "{ours}"'
    fix = f"say which with --map {ours}=THEIRS"
    if other.heading != one.heading:
        what += f": {other.heading} and {one.heading}"
    return Problem(code="two-columns", where=Where(path, 1), what=what, fix=fix)


def _remarks(columns: Sequence[Meaning]) -> tuple[str, ...]:
    """Say what was read into headings that are not ours."""
    out = []
    for one in columns:
        # others' files may mean something else by names that are ours but for their dress
        dressed = one.ours in OF_PIECE and one.heading != normal(one.heading)
        if one.why == ALIAS or dressed:
            words = PRICES.get(one.ours, one.ours)
            out.append(f'"{one.heading}" is taken for {words}; --map says otherwise')
        plain = normal(one.heading)
        if plain in PLURAL and not one.ours:
            out.append(f'"{one.heading}" is not used; the column of --{plain} is {PLURAL[plain]}')
    told = {one.ours: one.heading for one in columns if one.ours}
    if "value" in told and "unit_price" in told:
        price, value = told["unit_price"], told["value"]
        out.append(f'"{price}" is read only where "{value}" is blank')
    sides = {one.ours for one in columns} & set(SIDES)
    if sides and len(sides) < len(SIDES):
        missing = ", ".join(side for side in SIDES if side not in sides)
        out.append(f"no column for {missing}: rows that state some sides of a size are rejected")
    return tuple(out)


def require(meanings: Meanings, path: str, defaults: Stated) -> None:
    """Check that nothing is missing that no order can do without.

    Raises:
        OrderError: a column is missing that no flag stands in for.
    """
    present = {one.ours for one in meanings.columns}
    valued = bool({"value", "unit_price", "items"} & present or defaults.items)
    valued = valued or ("sku" in present and meanings.rules.catalogued)
    problems: list[Problem] = []
    for column, name in REQUIRED.items():
        if column in present or getattr(defaults, name) or (column == "value" and valued):
            continue
        fix = f"name yours with --map {column}=THEIRS"
        if column != "value":
            fix += f", or give --{column} for all rows"
        if meanings.unused and not problems:  # said once
            fix += f"; not used: {named(meanings.unused)}"
        what = f'no column "{column}"'
        problems.append(Problem(code="no-column", where=Where(path, 1), what=what, fix=fix))
    if problems:
        raise OrderError(problems)


def sniffed_by(mapped: Mapping[str, str], preset: Preset | None = None) -> frozenset[str]:
    """Return headings that mean something, to tell a delimiter by."""
    theirs = [name for name, _, _ in preset.rules] if preset else []
    return frozenset((*KNOWN, *ALIASES, *mapped.values(), *theirs))
