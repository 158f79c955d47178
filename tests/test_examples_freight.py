"""Every worked example of freight: what a card charges, in each option and by itself, exactly."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests import freight_side
from tests.oracle_text import half_up, limit, quantity

if TYPE_CHECKING:
    from tests.freight_side import Charged

FOLDER = Path(__file__).parent / "examples" / "freight"
FILES = {
    path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for path in sorted(FOLDER.glob("*.yaml"))
}
EXAMPLES = [
    pytest.param(one, id=f"{file}: {one['name']}") for file, all_ in FILES.items() for one in all_
]
CHAINS = yaml.load(
    (FOLDER.parent / "chains.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
NOT_OFFERED = {  # service, destination -> why no quote offers it yet
    ("us-dhl-express-ww", "CN"): "to a business, which may not import articles of a person",
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: dict[str, Any]) -> None:
    parcel = freight_side.shipment(example["given"], example["on"])
    lone, classes = freight_side.alone(example["service"], parcel)
    assert lone is not None, "the card refuses the parcel"
    expect = example["expect"]
    _known(example["service"], expect, classes)
    assert _said(lone, classes, expect) == _meant(expect)
    for charged in freight_side.quoted(example["service"], parcel):
        assert _said(charged, classes, expect) == _meant(expect), "in an option of a quote"


@pytest.mark.parametrize("chain", CHAINS, ids=[one["name"] for one in CHAINS])
def test_chain(chain: dict[str, Any]) -> None:
    expect = chain["expect"]
    parcel = freight_side.shipment(chain["given"], chain["on"])
    option = freight_side.option_of(tuple(expect["legs"]), parcel)
    assert option is not None, "no option runs over these legs"
    legs, border = freight_side.sums_by_leg(option)
    assert legs == [Counter(dict([_money(text)])) for text in expect["legs"].values()]
    assert sum(legs, Counter()) == Counter(dict(_money(text) for text in expect["total"]))
    assert option.complete
    assert option.incoterm == expect["incoterm"]
    if expect.get("border") == "none":
        assert not +border


def test_every_leg_of_an_example_is_offered() -> None:
    """Where no option holds the service of an example, that is known and has a reason."""
    silent = {
        (one["service"], one["given"]["to"])
        for examples in FILES.values()
        for one in examples
        if one["given"]["from"] != one["given"]["to"]
        and not freight_side.quoted(one["service"], freight_side.shipment(one["given"], one["on"]))
    }
    assert silent == NOT_OFFERED.keys()


def test_names_tell_examples_apart() -> None:
    names = Counter(one["name"] for examples in FILES.values() for one in examples)
    assert not [name for name, n in names.items() if n > 1]


def _known(service: str, expect: dict[str, str], classes: dict[str, str]) -> None:
    """An expectation that names nothing of the card would hold by accident."""
    tables = freight_side.book()
    codes = {"chargeable", "zone", *classes}
    for head in tables.cards:
        if head.id == service:
            codes |= {charge.code for charge in tables.card(head).charges}
            for surcharge in tables.surcharges_of(head.carrier, service):
                codes |= {charge.code for charge in surcharge.charges}
    assert {name for name, text in expect.items() if text != "none"} <= codes


def _meant(expect: dict[str, str]) -> dict[str, object]:
    return {name: _value(name, text) for name, text in expect.items()}


def _money(text: str) -> tuple[str, Decimal]:
    amount, currency = text.split()
    return currency, Decimal(amount)


def _value(name: str, text: str) -> object:
    if name == "chargeable":
        return half_up(quantity(limit(text)) * 1_000_000)
    amount, _, currency = text.partition(" ")
    if len(currency) == 3 and currency.isupper():
        return (Decimal(amount), currency)
    return text


def _said(charged: Charged, classes: dict[str, str], expect: dict[str, str]) -> dict[str, object]:
    said: dict[str, object] = {}
    for name, text in expect.items():
        if name == "chargeable":
            said[name] = charged.chargeable_mg
        elif name == "zone":
            said[name] = charged.zone
        elif name in classes:
            said[name] = classes[name]
        elif name in charged.unknown:
            said[name] = "a gap"
        elif name in charged.amounts:
            said[name] = charged.amounts[name]
        else:  # not charged: 0 of whatever currency was expected
            said[name] = "none" if text == "none" else (Decimal(0), text[-3:])
    return said
