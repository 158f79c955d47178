"""The kinds of table: which keys each may have, which it must have, what tells two apart."""

from __future__ import annotations

from dataclasses import dataclass

COMMON = ("kind", "source", "sources", "checked", "confidence", "note")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of table holds."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()  # keys; without them the tables of a kind add up row by row
    adds_up: bool = False  # tables of one identity in one folder are parts of one
    priced: bool = True  # must state a currency where money is spoken of

    @property
    def keys(self) -> tuple[str, ...]:
        """Return every key that may stand."""
        return (*COMMON, *self.required, *self.optional)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "rate_card",
            ("id", "carrier", "service", "leg", "origins", "currency", "from", "charges"),
            (
                "carrier_name", "modes", "transport", "until", "expected_until", "incoterms",
                "channel", "transit_days", "weight", "measures", "classes", "zones", "zone_of",
                "assumed_zones", "to", "limits", "refuses", "only", "includes", "site",
                "site_name", "allow_fall",
            ),
            ("id", "from"),
        ),
        *(
            Kind(
                name,
                ("id", "provider", "service", where, "currency", "from", "charges"),
                (
                    "provider_name", "until", "expected_until", "classes", "limits", "refuses",
                    "only",
                ),
                ("id", "from"),
            )
            for name, where in (("payment", "accounts"), ("platform", "markets"))
        ),
        Kind(
            "surcharge",
            ("id", "carrier", "currency", "charges"),
            ("applies_to", "carrier_name", "from"),
            ("id",),
        ),
        Kind(
            "market",
            ("id", "name", "currency"),
            (
                "extends", "tariff", "from", "fx", "default_scheme", "values", "lookups", "entry",
                "sale", "export", "notes", "compare",
            ),
            ("id",),
        ),
        Kind(
            "programme",
            ("tariff", "id", "rows"),
            ("name", "currency", "default", "from", "keys", "earlier", "others"),
            ("tariff", "id"),
            adds_up=True,
        ),
        Kind("modes", ("modes",), ("home", "defaults")),
        Kind("goods", ("goods",)),
        Kind("fx", ("rates",), ("type", "until")),
        Kind("currencies", ("currencies",)),
        Kind("countries", ("countries",)),
    )
}  # fmt: skip
