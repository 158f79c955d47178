"""Tables as rows: one list a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.cli.render.rows import Row, day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xborder_cli.core.rule import Provenance, RateCard, Surcharge
    from xborder_cli.tables.tables import Tables

CATALOGUE: dict[str, tuple[str, ...]] = {
    "services": (
        "id", "carrier", "service", "modes", "leg", "transport", "origins", "currency",
        "from", "checked", "confidence", "table", "carrier_name", "until", "expected_until", "to",
        "transit_days_min", "transit_days_max", "incoterms", "price", "wanted", "source",
    ),
    "surcharges": ("id", "carrier", "applies_to", "charges", "currency", "checked", "table"),
    "markets": ("id", "name", "extends", "currency", "tariff", "from", "checked", "table"),
    "programmes": ("tariff", "id", "rows", "default", "currency", "checked", "table"),
    "modes": ("id", "name", "name_zh", "direction", "steps"),
    "goods": ("slug", "name", "name_zh", "hs", "traits", "weight_kg"),
    "fx": ("on", "base", "quote", "rate", "peg", "until", "source", "table"),
    "countries": ("code", "name", "union"),
    "currencies": ("code", "digits"),
    "presets": ("name", "export", "of", "notes", "checked", "source"),
}  # fmt: skip

SHORT = {  # columns that a terminal shows; for services see render/services.py
    "surcharges": ("id", "carrier", "charges"),
    "markets": ("id", "name", "extends", "currency", "from", "table"),
    "fx": ("on", "base", "quote", "rate", "source"),
    "presets": ("name", "export", "of"),
}


def catalogue_rows(tables: Tables, kind: str) -> Iterator[Row]:
    """Yield the rows of one kind."""
    makers: dict[str, Callable[[Tables], Iterator[Row]]] = {
        "services": _services,
        "surcharges": _surcharges,
        "markets": _markets,
        "programmes": _programmes,
        "modes": _modes,
        "goods": _goods,
        "fx": _fx,
        "countries": _countries,
        "currencies": _currencies,
        "presets": _presets,
    }
    return makers[kind](tables)


def _proof(provenance: Provenance) -> Row:
    return {
        "checked": day(provenance.checked),
        "confidence": provenance.confidence,
        "table": provenance.table,
    }


def _services(tables: Tables) -> Iterator[Row]:
    return service_rows(tables, tables.cards)


def service_rows(tables: Tables, cards: Iterable[RateCard]) -> Iterator[Row]:
    """Yield a row an issue of a rate card."""
    from xborder_cli.cards.issues import Issues
    from xborder_cli.cards.lanes import destinations
    from xborder_cli.cards.priced import price_known, wanted

    issues = Issues(tables.cards)
    for card in cards:
        days = card.transit_days or ("", "")
        yield {
            "id": card.id,
            "carrier": card.carrier,
            "service": card.service,
            "modes": " ".join(card.modes),
            "leg": card.leg,
            "transport": card.transport,
            "origins": " ".join(card.origins),
            "currency": card.currency,
            "from": day(card.since),
            **_proof(card.provenance),
            "carrier_name": card.carrier_name,
            "until": day(issues.last_day(card) or 0),
            "expected_until": day(card.expected_until or 0),
            "to": " ".join(destinations(card)),
            "transit_days_min": str(days[0]),
            "transit_days_max": str(days[1]),
            "incoterms": " ".join(card.incoterms),
            "price": price_known(card),
            "wanted": " ".join(wanted(card.charges)),
            "source": card.provenance.url,
        }


def _surcharges(tables: Tables) -> Iterator[Row]:
    return surcharge_rows(tables.surcharges)


def surcharge_rows(surcharges: Iterable[Surcharge]) -> Iterator[Row]:
    """Yield a row a table of surcharges."""
    for one in surcharges:
        yield {
            "id": one.id,
            "carrier": one.carrier,
            "applies_to": " ".join(one.applies_to) or "all",
            "charges": " ".join(dict.fromkeys(charge.code for charge in one.charges)),
            "currency": one.currency,
            **_proof(one.provenance),
        }


def _markets(tables: Tables) -> Iterator[Row]:
    for market in tables.markets.values():
        yield {
            "id": market.id,
            "name": market.name,
            "extends": market.extends,
            "currency": market.currency,
            "tariff": market.tariff,
            "from": day(market.first_day),
            **_proof(market.provenance),
        }


def _programmes(tables: Tables) -> Iterator[Row]:
    for programme in tables.programmes.values():
        yield {
            "tariff": programme.tariff,
            "id": programme.id,
            "rows": str(len(programme.rows)),
            "default": programme.default,
            "currency": programme.currency,
            **_proof(programme.provenance),
        }


def _modes(tables: Tables) -> Iterator[Row]:
    for mode in tables.modes.values():
        patterns = (" > ".join(step.leg or step.event for step in one) for one in mode.patterns)
        yield {
            "id": mode.id,
            "name": mode.name,
            "name_zh": mode.name_zh,
            "direction": mode.direction,
            "steps": "; ".join(patterns),
        }


def _goods(tables: Tables) -> Iterator[Row]:
    for thing in tables.goods.values():
        yield {
            "slug": thing.slug,
            "name": thing.name,
            "name_zh": thing.name_zh,
            "hs": thing.hs,
            "traits": " ".join(thing.traits),
            "weight_kg": units.weight_text(thing.weight_mg) if thing.weight_mg else "",
        }


def _fx(tables: Tables) -> Iterator[Row]:
    for row in tables.fx_rows:
        yield {
            "on": day(row.day),
            "base": row.base,
            "quote": row.quote,
            "rate": units.ratio_text(row.rate),
            "peg": "true" if row.peg else "false",
            "until": day(row.until) if row.until is not None else "",
            "source": row.source,
            "table": row.table,
        }


def _countries(tables: Tables) -> Iterator[Row]:
    union = {member: name for name, members in tables.unions.items() for member in members}
    for code, name in tables.countries.items():
        yield {"code": code, "name": name, "union": union.get(code, "")}


def _currencies(tables: Tables) -> Iterator[Row]:
    for code, digits in tables.currencies.items():
        yield {"code": code, "digits": str(digits)}


def _presets(_: Tables) -> Iterator[Row]:
    from xborder_cli.batch.presets import presets

    for preset in presets().values():
        yield {
            "name": preset.name,
            "export": preset.title,
            "of": preset.kind,
            "notes": "; ".join(preset.notes),
            "checked": preset.checked,
            "source": preset.source,
        }
