"""A shipment as a JSON document in canonical units, and back: what makes a quote checkable."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from xborder_cli import units
from xborder_cli.adapters.terms import parse_rate
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import MONEY_INPUTS, Item, Shipment
from xborder_cli.tables.words import rate_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.core.rule import Ratio

Document = dict[str, object]

_TEXTS = (
    "direction",
    "buyer",
    "seller",
    "incoterm",
    "scheme",
    "postcode",
    "region",
    "area",
    "platform",
    "payment",
    "category",
)
_RATIOS = ("return_rate", "dispute_rate", "air_share")
_COUNTS = ("lot", "storage_days", "parcels_this_year", "parcels_this_half_year")


def shipment_document(shipment: Shipment) -> Document:
    """Return what was understood; what was left out is left out here too."""
    sides = (shipment.length_dmm, shipment.width_dmm, shipment.height_dmm)
    document: Document = {
        "id": shipment.id,
        "from": shipment.origin,
        "to": shipment.destination,
        "on": units.day_text(shipment.on),
        "weight_kg": units.weight_text(shipment.weight_mg) if shipment.weight_mg else "",
        "size_cm": [units.length_text(side) for side in sides] if any(sides) else [],
        "items": [_item(item) for item in shipment.items],
        **{name: getattr(shipment, name) for name in _TEXTS},
        "options": list(shipment.options),
        **{name: _money(getattr(shipment, name)) for name in MONEY_INPUTS},
        **{name: _ratio(getattr(shipment, name)) for name in _RATIOS},
        **{name: getattr(shipment, name) for name in _COUNTS},
        "counters": {name: _money(value) for name, value in shipment.counters.items()},
        "assume": {name: rate_words(value) for name, value in shipment.assume.items()},
        "set": {name: rate_words(value) for name, value in shipment.overrides.items()},
        "fees": [{"code": code, **(_money(value) or {})} for code, value in shipment.fees],
        "fx": {"/".join(pair): units.ratio_text(rate) for pair, rate in shipment.fx.items()},
    }
    return {key: value for key, value in document.items() if value not in ("", [], {}, None)}


def shipment_of(document: Mapping[str, object]) -> Shipment:
    """Return the shipment that a document describes.

    Raises:
        ValueError, KeyError, TypeError: it is not one that `shipment_document` wrote.
    """
    get = document.get
    sides = [units.parse_length_dmm(f"{side} cm") for side in _list(get("size_cm"))] or [0, 0, 0]
    given: dict[str, object] = {name: str(get(name, "")) for name in _TEXTS if get(name)}
    given |= {name: _money_of(get(name)) for name in MONEY_INPUTS}
    given |= {name: _ratio_of(get(name)) for name in _RATIOS}
    given |= {name: get(name) for name in _COUNTS}
    weight = get("weight_kg")
    return Shipment(
        id=str(get("id", "")),
        origin=str(document["from"]),
        destination=str(document["to"]),
        on=units.parse_day(str(document["on"])),
        weight_mg=units.parse_weight_mg(f"{weight} kg") if weight else 0,
        length_dmm=sides[0],
        width_dmm=sides[1],
        height_dmm=sides[2],
        items=tuple(_item_of(_mapping(item)) for item in _list(document["items"])),
        options=tuple(str(option) for option in _list(get("options"))),
        counters={
            name: Money(str(_mapping(value)["currency"]), _amount(value))
            for name, value in _mapping(get("counters")).items()
        },
        assume={name: parse_rate(str(t)) for name, t in _mapping(get("assume")).items()},
        overrides={name: parse_rate(str(t)) for name, t in _mapping(get("set")).items()},
        fees=tuple(
            (str(_mapping(fee)["code"]), Money(str(_mapping(fee)["currency"]), _amount(fee)))
            for fee in _list(get("fees"))
        ),
        fx={
            (pair.partition("/")[0], pair.partition("/")[2]): units.parse_ratio(str(rate))
            for pair, rate in _mapping(get("fx")).items()
        },
        **given,  # type: ignore[arg-type]  # names and types are those of Shipment
    )


def _item(item: Item) -> Document:
    document: Document = {
        "goods": item.goods,
        "hs": item.hs,
        "origin": item.origin,
        "quantity": item.quantity,
        "value": units.ratio_text(item.value.amount, 2),
        "currency": item.value.currency,
        "traits": list(item.traits),
        "claims": list(item.claims),
        "units": {name: units.ratio_text(value) for name, value in item.units.items()},
        "parts": {name: units.ratio_text(value) for name, value in item.parts.items()},
    }
    return {key: value for key, value in document.items() if value not in ("", [], {}, None)}


def _item_of(document: Mapping[str, object]) -> Item:
    get = document.get
    return Item(
        goods=str(get("goods", "")),
        hs=str(get("hs", "")),
        origin=str(get("origin", "")),
        quantity=int(str(get("quantity", 1))),
        value=Money(str(document["currency"]), units.parse_ratio(str(document["value"]))),
        traits=tuple(str(one) for one in _list(get("traits"))),
        claims=tuple(str(one) for one in _list(get("claims"))),
        units={name: units.parse_ratio(str(v)) for name, v in _mapping(get("units")).items()},
        parts={name: units.parse_ratio(str(v)) for name, v in _mapping(get("parts")).items()},
    )


def _money(money: Money | None) -> Document | None:
    if money is None:
        return None
    return {"amount": units.ratio_text(money.amount), "currency": money.currency}


def _money_of(document: object) -> Money | None:
    if document is None:
        return None
    return Money(str(_mapping(document)["currency"]), _amount(document))


def _amount(document: object) -> Ratio:
    return units.parse_ratio(str(_mapping(document)["amount"]))


def _ratio(value: Ratio | None) -> str | None:
    return None if value is None else units.ratio_text(value)


def _ratio_of(value: object) -> Ratio | None:
    return None if value is None else units.parse_ratio(str(value))


def _list(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value


def _mapping(value: object) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is not an object")
    return cast("dict[str, object]", value)
