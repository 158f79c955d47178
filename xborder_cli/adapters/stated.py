"""A shipment as people type it, one text per flag or column, and the shipment it means.

The command line and the order files read the same words by the same code; only the place that a
problem names differs: `--weight` here, `orders.csv:17` there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, TypeVar

from xborder_cli import units
from xborder_cli.adapters.items import ItemText, read_item
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from xborder_cli.adapters.names import Names
    from xborder_cli.core.rule import Money, Ratio, Terms

T = TypeVar("T")

BUYERS = ("consumer", "business", "private")
INCOTERMS = {"DDP": "DDP", "DAP": "DAP", "DDU": "DAP"}
DIRECTIONS = ("export", "import")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What was said, as text; "" and () are what was left out."""

    origin: str = ""
    destination: str = ""
    on: str = ""
    weight: str = ""
    size: str = ""
    value: str = ""
    goods: str = ""
    hs: str = ""
    made_in: str = ""
    quantity: str = ""
    units: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    direction: str = ""
    buyer: str = ""
    seller: str = ""
    incoterm: str = ""
    scheme: str = ""
    postcode: str = ""
    region: str = ""
    area: str = ""
    platform: str = ""
    options: tuple[str, ...] = ()
    freight: str = ""
    insurance: str = ""
    fees: tuple[str, ...] = ()
    transfer_value: str = ""
    purchase_price: str = ""
    lot: str = ""
    storage_days: str = ""
    return_rate: str = ""
    dispute_rate: str = ""
    air_share: str = ""
    used_this_year: str = ""
    used_this_half_year: str = ""
    declared_this_day: str = ""
    assume: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    fx: tuple[str, ...] = ()

    def filled_from(self, defaults: Stated) -> Stated:
        """Return this with every blank from the defaults; lists follow theirs."""
        changed: dict[str, object] = {}
        for one in fields(self):
            mine, other = getattr(self, one.name), getattr(defaults, one.name)
            if isinstance(mine, tuple):
                changed[one.name] = (*other, *mine)
            elif not mine and other:
                changed[one.name] = other
        return replace(self, **changed)  # type: ignore[arg-type]  # names and types are our own fields


FLAGS = {  # fields whose flag is not their own name
    "origin": "from",
    "destination": "to",
    "made_in": "origin",
    "units": "unit",
    "parts": "part",
    "traits": "trait",
    "claims": "claim",
    "items": "item",
    "options": "option",
    "fees": "fee",
    "overrides": "set",
}


def flag_of(name: str) -> str:
    """Return the flag of a field, without its dashes.

    >>> flag_of("made_in"), flag_of("storage_days")
    ('origin', 'storage-days')
    """
    return FLAGS.get(name, name.replace("_", "-"))


def at_flag(name: str) -> tuple[Where, str]:
    """Return the place of a field on the command line, and no words before the problem's own."""
    return Where(f"--{flag_of(name)}"), ""


Place = Callable[[str], tuple[Where, str]]


@dataclass(slots=True)
class Reader:
    """Reads fields one by one and gathers every problem."""

    place: Place = at_flag
    problems: list[Problem] = field(default_factory=list)

    def problem(self, name: str, code: str, what: str, fix: str = "") -> None:
        """Note one thing to fix at a field."""
        where, words = self.place(name)
        self.problems.append(Problem(code=code, where=where, what=words + what, fix=fix))

    def read(self, name: str, text: str, parse: Callable[[str], T], code: str = "") -> T | None:
        """Return the parsed text; None when it is blank or a problem was noted."""
        if not text:
            return None
        try:
            return parse(text)
        except units.Unreadable as error:
            known = error.code if error.code != "bad-value" else ""
            code = known or code or f"bad-{flag_of(name)}"
            self.problem(name, code, error.what, error.fix)
        return None

    def one_of(self, name: str, text: str, known: dict[str, str]) -> str:
        """Return the known word that a text means, "" when it is blank or unknown."""
        if not text or text in known:
            return known.get(text, "")
        found = known.get(text.upper()) or known.get(text.lower())
        if found is None:
            fix = f"write {', '.join(known)}"
            self.problem(name, f"bad-{flag_of(name)}", f'"{text}" is not a {flag_of(name)}', fix)
        return found or ""


def read_shipment(
    stated: Stated,
    *,
    today: int,
    names: Names | None = None,
    reader: Reader | None = None,
    order_id: str = "",
    items: tuple[Item, ...] = (),
    weighed: bool = False,
) -> Shipment:
    """Return the shipment that the words mean.

    Args:
        stated: the words.
        today: the day that holds when `on` is blank, since 1970-01-01.
        names: what the tables know, to judge countries, goods and currencies; None judges nothing.
        reader: what gathers problems; one that names flags when left out.
        order_id: the order's own number.
        items: item lines that were read already; they go before those of `stated`.
        weighed: transport is priced too, so that a weight must be known.

    Raises:
        UsageError: with every problem found.
    """
    reader = reader or Reader()
    on = reader.read("on", stated.on, units.parse_day)
    sides = reader.read("size", stated.size, units.parse_size_dmm) or (0, 0, 0)
    weight = reader.read("weight", stated.weight, units.parse_weight_mg)
    if weight is not None and weight <= 0:
        reader.problem("weight", "bad-weight", "a parcel weighs more than 0", "write 0.8kg")
    lines = items + _items(stated, reader, names)
    for name, words in (("origin", "dispatch"), ("destination", "the buyer")):
        if not getattr(stated, name):
            fix = f"add --{flag_of(name)} COUNTRY, its two letters"
            reader.problem(name, "missing", f"no country of {words}", fix)
    if not lines and not reader.problems:
        reader.problem("value", "missing", "no value of the goods", "add --value 45USD or --item")
    if weighed and not stated.weight and not _known_weight(lines, names):
        fix = "add --weight 0.8kg, packed"
        reader.problem("weight", "missing", "nothing says what the parcel weighs", fix)
    origin, destination = stated.origin.upper(), stated.destination.upper()
    if names is not None:
        names.judge_country(reader, "origin", origin)
        names.judge_country(reader, "destination", destination)
    money = {name: _money(reader, name, getattr(stated, name), names) for name in _MONEY}
    ratios = {name: _ratio(reader, name, getattr(stated, name)) for name in _RATIOS}
    shipment = Shipment(
        id=order_id,
        origin=origin,
        destination=destination,
        on=today if on is None else on,
        items=lines,
        weight_mg=weight or 0,
        length_dmm=sides[0],
        width_dmm=sides[1],
        height_dmm=sides[2],
        direction=reader.one_of("direction", stated.direction, {d: d for d in DIRECTIONS}),
        buyer=reader.one_of("buyer", stated.buyer, {b: b for b in BUYERS}) or BUYERS[0],
        seller=stated.seller,
        incoterm=reader.one_of("incoterm", stated.incoterm, INCOTERMS),
        scheme=stated.scheme,
        postcode=stated.postcode,
        region=stated.region,
        area=stated.area,
        platform=stated.platform,
        options=stated.options,
        freight=money["freight"],
        insurance=money["insurance"],
        transfer_value=money["transfer_value"],
        purchase_price=money["purchase_price"],
        lot=_whole(reader, "lot", stated.lot, least=1),
        storage_days=_whole(
            reader, "storage_days", stated.storage_days.removesuffix("days"), least=0
        ),
        return_rate=ratios["return_rate"],
        dispute_rate=ratios["dispute_rate"],
        air_share=ratios["air_share"],
        counters={
            name: amount
            for name in _COUNTERS
            if (amount := _money(reader, name, getattr(stated, name), names)) is not None
        },
        assume=dict(_rates(reader, "assume", stated.assume)),
        overrides=dict(_rates(reader, "overrides", stated.overrides)),
        fees=tuple(_fees(reader, stated.fees, names)),
        fx=dict(_fx(reader, stated.fx, names)),
    )
    if reader.problems:
        raise UsageError(reader.problems)
    return shipment


_MONEY = ("freight", "insurance", "transfer_value", "purchase_price")
_RATIOS = ("return_rate", "dispute_rate", "air_share")
_COUNTERS = ("used_this_year", "used_this_half_year", "declared_this_day")


def _known_weight(items: tuple[Item, ...], names: Names | None) -> bool:
    return names is None or (bool(items) and all(names.weighs(item.goods) for item in items))


def _items(stated: Stated, reader: Reader, names: Names | None) -> tuple[Item, ...]:
    """Return the item of the plain flags, if there is one, and those of --item."""
    plain = ItemText(
        goods=stated.goods,
        hs=stated.hs,
        origin=stated.made_in,
        quantity=stated.quantity,
        value=stated.value,
        units=stated.units,
        parts=stated.parts,
        traits=stated.traits,
        claims=stated.claims,
    )
    found = []
    if stated.value or (not stated.items and (stated.goods or stated.hs)):
        found.append(read_item(plain, reader, names))
    for text in stated.items:
        # what the plain flags say of the goods holds for every item that does not say otherwise
        common = replace(plain, quantity="", value="", units=(), parts=())
        before = len(reader.problems)
        item = ItemText.of(text, reader).filled_from(common)
        if len(reader.problems) == before:
            found.append(read_item(item, reader, names))
    return tuple(item for item in found if item is not None)


def _money(reader: Reader, name: str, text: str, names: Names | None) -> Money | None:
    money = reader.read(name, text, units.parse_money, "bad-money")
    if money is not None and names is not None:
        names.judge_currency(reader, name, money.currency)
    if money is not None and money.amount[0] < 0:
        reader.problem(name, "bad-money", f"{text} is below 0")
    return money


def _ratio(reader: Reader, name: str, text: str) -> Ratio | None:
    share = reader.read(name, text, units.parse_ratio)
    if share is not None and not 0 <= share[0] <= share[1]:
        reader.problem(name, f"bad-{flag_of(name)}", f"{text} is not between 0 % and 100 %")
    return share


def _whole(reader: Reader, name: str, text: str, *, least: int) -> int | None:
    """Return a count; a blank one is None."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) >= least):
        what = f'"{text}" is not a whole number of at least {least}'
        reader.problem(name, f"bad-{flag_of(name)}", what)
        return None
    return int(text)


def _pairs(
    reader: Reader, name: str, texts: tuple[str, ...], example: str
) -> list[tuple[str, str]]:
    """Return KEY=VALUE texts apart."""
    pairs = []
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        if key and equals and value:
            pairs.append((key, value))
        else:
            reader.problem(name, f"bad-{flag_of(name)}", f'"{text}" has no "="', f"write {example}")
    return pairs


def _rates(reader: Reader, name: str, texts: tuple[str, ...]) -> list[tuple[str, Terms]]:
    from xborder_cli.adapters.terms import parse_rate

    example = "NAME=RATE, such as mfn=12% or 9610-air=28CNY/kg"
    pairs = _pairs(reader, name, texts, example)
    read = [(key, reader.read(name, value, parse_rate, "bad-rate")) for key, value in pairs]
    return [(key, terms) for key, terms in read if terms is not None]


def _fees(reader: Reader, texts: tuple[str, ...], names: Names | None) -> list[tuple[str, Money]]:
    found = []
    for text in texts:
        code, equals, amount = text.partition("=")
        money = _money(reader, "fees", (amount if equals else text).strip(), names)
        if money is not None:
            found.append((code.strip() if equals else "fee", money))
    return found


def _fx(
    reader: Reader, texts: tuple[str, ...], names: Names | None
) -> list[tuple[tuple[str, str], Ratio]]:
    found = []
    for pair, text in _pairs(reader, "fx", texts, "BASE/QUOTE=RATE, such as USD/GBP=0.79"):
        base, slash, quote = (part.strip().upper() for part in pair.partition("/"))
        if not (slash and base and quote):
            reader.problem("fx", "bad-fx", f'"{pair}" is not a pair', "write USD/GBP=0.79")
            continue
        if names is not None:
            names.judge_currency(reader, "fx", base)
            names.judge_currency(reader, "fx", quote)
        rate = reader.read("fx", text, units.parse_ratio)
        if rate is not None and rate[0] <= 0:
            reader.problem("fx", "bad-fx", f"{text} is not above 0")
        elif rate is not None:
            found.append(((base, quote), rate))
    return found
