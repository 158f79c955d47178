"""A shipment as people type it: one text per flag or column."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from xborder_cli.core.shipment import PREFERENCE


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
    preference: bool = False  # a flag for the claim of that name; files write it among the claims
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
    payment: str = ""
    category: str = ""
    options: tuple[str, ...] = ()
    freight: str = ""
    insurance: str = ""
    fees: tuple[str, ...] = ()
    transfer_value: str = ""
    purchase_price: str = ""
    price: str = ""
    price_with_tax: bool = False  # in a file a text that says yes or no
    shipping: str = ""
    cogs: str = ""
    refund: bool = False  # in a file a text that says yes or no
    lot: str = ""
    storage_days: str = ""
    return_rate: str = ""
    dispute_rate: str = ""
    air_share: str = ""
    used_this_year: str = ""
    used_this_half_year: str = ""
    declared_this_day: str = ""
    parcels_this_year: str = ""
    parcels_this_half_year: str = ""
    assume: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    fx: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take the flag for the claim that it stands for."""
        if self.preference and PREFERENCE not in self.claims:
            object.__setattr__(self, "claims", (*self.claims, PREFERENCE))

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
