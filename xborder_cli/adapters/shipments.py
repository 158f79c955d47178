"""The shipment that words mean.

The command line and the order files read the same words by the same code; only the place that a
problem names differs: `--weight` here, `orders.csv:17` there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.adapters.items import ItemText, read_item
from xborder_cli.adapters.reader import Reader
from xborder_cli.adapters.stated import flag_of
from xborder_cli.core.shipment import COUNTERS, MONEY_INPUTS, REFUND, WITH_TAX, Item, Shipment
from xborder_cli.errors import UsageError

if TYPE_CHECKING:
    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.stated import Stated
    from xborder_cli.core.rule import Money, Ratio, Terms

BUYERS = ("consumer", "business", "private")
SELLERS = ("registered", "none")
INCOTERMS = {"DDP": "DDP", "DAP": "DAP", "DDU": "DAP"}
DIRECTIONS = ("export", "import")


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
        origin, destination = names.country(stated.origin), names.country(stated.destination)
        names.judge_country(reader, "origin", origin)
        names.judge_country(reader, "destination", destination)

    def named(name: str) -> str:
        return _spelt(reader, names, name, name, getattr(stated, name))

    if _yes(reader, "refund", stated.refund):
        lines = tuple(replace(line, claims=(*line.claims, REFUND)) for line in lines)
        if not stated.purchase_price:
            what = "a refund is a share of what the goods cost without tax, which is not stated"
            reader.problem("refund", "missing", what, "add --purchase-price 8USD")
    money = {name: _money(reader, name, getattr(stated, name), names) for name in MONEY_INPUTS}
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
        seller=reader.one_of("seller", stated.seller, {one: one for one in SELLERS}),
        incoterm=reader.one_of("incoterm", stated.incoterm, INCOTERMS),
        scheme=names.spelt_scheme(reader, stated.scheme, destination) if names else stated.scheme,
        postcode=stated.postcode,
        region=names.spelt_region(reader, stated.region, destination) if names else stated.region,
        area=named("area"),
        platform=named("platform"),
        payment=named("payment"),
        category=named("category"),
        options=_options(stated, reader, names),
        **money,
        lot=_whole(reader, "lot", stated.lot, least=1),
        storage_days=_whole(
            reader, "storage_days", stated.storage_days.removesuffix("days"), least=0
        ),
        parcels_this_year=_whole(reader, "parcels_this_year", stated.parcels_this_year, least=0),
        parcels_this_half_year=_whole(
            reader, "parcels_this_half_year", stated.parcels_this_half_year, least=0
        ),
        return_rate=ratios["return_rate"],
        dispute_rate=ratios["dispute_rate"],
        air_share=ratios["air_share"],
        counters={
            name: amount
            for name in COUNTERS
            if (amount := _money(reader, name, getattr(stated, name), names)) is not None
        },
        assume=dict(_rates(reader, "assume", stated.assume, names)),
        overrides=dict(_rates(reader, "overrides", stated.overrides, names)),
        fees=tuple(_fees(reader, stated.fees, names)),
        fx=dict(_fx(reader, stated.fx, names)),
    )
    if reader.problems:
        raise UsageError(reader.problems)
    return shipment


_RATIOS = ("return_rate", "dispute_rate", "air_share")


def _options(stated: Stated, reader: Reader, names: Names | None) -> tuple[str, ...]:
    """Return the extras that are bought, and what is said of the price."""
    found = tuple(_spelt(reader, names, "options", "option", one) for one in stated.options)
    if not _yes(reader, "price_with_tax", stated.price_with_tax):
        return found
    if not stated.price:
        what = "no price is stated that could have the tax in it"
        reader.problem("price_with_tax", "missing", what, "add --price 29.90EUR")
    return found if WITH_TAX in found else (*found, WITH_TAX)


def _spelt(reader: Reader, names: Names | None, field: str, kind: str, name: str) -> str:
    return names.spelt(reader, field, kind, name) if names is not None else name


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
    if stated.items:
        reader.one_kind(stated)
    elif stated.value or stated.goods or stated.hs:
        found.append(read_item(plain, reader, names))
    for text in stated.items:
        # origin, traits and claims hold for every item
        common = ItemText(origin=plain.origin, traits=plain.traits, claims=plain.claims)
        before = len(reader.problems)
        item = ItemText.of(text, reader).filled_from(common)
        if len(reader.problems) == before:
            found.append(read_item(item, reader, names, place="items"))
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


def _yes(reader: Reader, name: str, stated: bool | str) -> bool:
    """Return a switch, or what a cell of a file says of it."""
    if isinstance(stated, bool):
        return stated
    said = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    found = said.get(stated.strip().lower())
    if found is None and stated.strip():
        reader.problem(name, f"bad-{flag_of(name)}", f'"{stated}" is neither yes nor no')
    return bool(found)


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


def _rates(
    reader: Reader, name: str, texts: tuple[str, ...], names: Names | None
) -> list[tuple[str, Terms]]:
    from xborder_cli.adapters.terms import parse_rate

    example = "NAME=RATE, such as mfn=12% or 9610-air=28CNY/kg"
    pairs = _pairs(reader, name, texts, example)
    kind = flag_of(name)
    pairs = [(_spelt(reader, names, name, kind, key), value) for key, value in pairs]
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
