"""The steps from a shipment to an answer, in one place: understand, find routes, price, rank."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli.core.answer import (
    ChargeLine,
    Clearance,
    DutyAnswer,
    Excluded,
    Option,
    Quote,
    RegimeChoice,
)
from xborder_cli.core.chains import Chain, chains, first_list
from xborder_cli.core.clearance import clear
from xborder_cli.core.columns import Num, any_of
from xborder_cli.core.compared import clearances
from xborder_cli.core.explain import charge_lines
from xborder_cli.core.flags import (
    age_flags,
    confidence_of,
    fx_flags,
    low_figures,
    refused_flags,
    route_assumptions,
    substitute_flags,
)
from xborder_cli.core.fx_used import fx_uses
from xborder_cli.core.intake import Intake, understand
from xborder_cli.core.landed_cost import Priced, price_route
from xborder_cli.core.margin import sale_of, sells
from xborder_cli.core.outline import chargeable_of, legs_of, regime_choices, transit_days
from xborder_cli.core.overrides import unused
from xborder_cli.core.ranking import ranked
from xborder_cli.core.refusal import NOT_OFFERED, excluded_of, incoterm_words, missing_words
from xborder_cli.core.route import build_program
from xborder_cli.core.stacking import tile_of
from xborder_cli.units import to_minor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Mode, Money
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.core.tile import Tile
from xborder_cli.errors import TableError, UsageError, XbError

RANKINGS: Final = ("cost", "speed", "value", "margin")


def quote(
    book: Book,
    shipment: Shipment,
    *,
    currency: str = "",
    by: str = "cost",
    day_value: Money | None = None,
    modes: tuple[str, ...] = (),
    services: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
) -> Quote:
    """Return every way to send one shipment, best first, and what cannot carry it.

    Args:
        book: compiled tables.
        shipment: as the caller states it.
        currency: of the sums; the goods' own when left out.
        by: cost, speed, value or margin.
        day_value: what a day in transit is worth, for `value`.
        modes: only these, when any.
        services: only these, when any.
        channels: only these, when any.

    Raises:
        UsageError: the shipment cannot be understood.
        TableError: no table knows the destination, or none on that day.
    """
    intake = understand(book, shipment)
    stated = intake.shipment
    wanted = currency or stated.items[0].value.currency
    tile = tile_of(book, stated, wanted)
    tile.margin = by == "margin" or sells(tile.parcels)
    options: list[Option] = []
    excluded: list[Excluded] = []
    for mode in book.modes.values():
        if mode.direction != intake.direction or (modes and mode.id not in modes):
            continue
        found, out = _mode(tile, intake, mode, services, channels)
        options += found
        excluded += out
    digits = book.digits
    day_minor = 0
    if day_value is not None:
        day_minor = tile.convert(
            Num.of(to_minor(day_value.amount, digits[day_value.currency])),
            day_value.currency,
            wanted,
        ).first()
    best_first = ranked(options, by=by, day_minor=day_minor)
    compared = _compared(book, tile, intake.market, shipment, best_first)
    uses = fx_uses(tile)
    return Quote(
        shipment=stated,
        on=stated.on,
        currency=wanted,
        digest=book.digest,
        overlays=book.overlays,
        fx=uses,
        options=best_first,
        excluded=tuple(excluded),
        assumptions=intake.assumptions,
        flags=(*fx_flags(uses, stated.on), *substitute_flags(book, intake.market, uses)),
        clearances=compared,
        sale=sale_of(tile) if tile.margin else None,
    )


def _mode(
    tile: Tile, intake: Intake, mode: Mode, services: tuple[str, ...], channels: tuple[str, ...]
) -> tuple[list[Option], list[Excluded]]:
    """Return a mode's options, and why each service that cannot carry the parcel cannot."""
    options: list[Option] = []
    refused: dict[tuple[str, ...], Excluded] = {}
    any_chain = False
    for chain in chains(tile.book, mode, tile.parcels):
        if services and not any(card.id in services for card in chain.cards):
            continue
        any_chain = True
        wrong = _incoterm_problem(chain, intake.shipment.incoterm)
        if wrong:
            refused.setdefault((chain.main.id, wrong.code), wrong)
            continue
        program = build_program(tile.book, chain, tile.parcels, [intake.market])
        if channels and program.context["channel"] not in channels:
            continue
        priced = price_route(tile, program)
        if any_of(priced.refused):
            reason = excluded_of(chain, priced)
            refused.setdefault((reason.service, reason.code), reason)
            continue
        options.append(_option(tile, intake, chain, priced))
    if not any_chain and not services and not channels:
        lane = (intake.shipment.origin, intake.shipment.destination)
        begins = first_list(tile.book, mode, *lane)
        missing = Excluded(
            mode=mode.id,
            service="",
            carrier_name="",
            service_name=mode.name,
            code="no-rate-card",
            reason=missing_words(mode, begins if begins > intake.shipment.on else 0),
            fix="lay your own rate card over the bundled ones with --rates DIR",
        )
        return options, [missing]
    return options, list(refused.values())


def _incoterm_problem(chain: Chain, incoterm: str) -> Excluded | None:
    main = chain.main
    if not incoterm or incoterm in main.incoterms:
        return None
    return Excluded(
        mode=chain.mode.id,
        service=main.id,
        carrier_name=main.carrier_name,
        service_name=main.service,
        code=NOT_OFFERED,
        reason=incoterm_words(main, incoterm),
        fix=f"--incoterm {main.incoterms[0]}",
    )


def _option(tile: Tile, intake: Intake, chain: Chain, priced: Priced) -> Option:
    # what is looked up only to explain a price adds nothing to what the price rests on
    assumptions = route_assumptions(tile, intake, chain, priced)
    legs, places = legs_of(priced)
    lines = charge_lines(priced, legs=places)
    main = chain.main
    context = priced.run.program.context
    payable = [line for line in lines if line.kind != "amount"]
    return Option(
        rank=0,
        mode=chain.mode.id,
        mode_name=chain.mode.name,
        direction=chain.mode.direction,
        carrier=main.carrier,
        carrier_name=main.carrier_name,
        service=main.id,
        service_name=main.service,
        legs=legs,
        channel=context["channel"],
        incoterm=context["incoterm"],
        scheme=context["scheme"],
        transit_days=transit_days(priced),
        chargeable_mg=chargeable_of(priced, main),
        lines=lines,
        regimes=regime_choices(priced),
        freight_minor=_sum(payable, "freight"),
        duty_minor=_sum(payable, "duty"),
        tax_minor=_sum(payable, "tax"),
        fees_minor=_sum(payable, "fee"),
        total_minor=sum(line.quote_minor for line in payable),
        seller_minor=sum(line.quote_minor for line in payable if line.payer == "seller"),
        buyer_minor=sum(line.quote_minor for line in payable if line.payer == "buyer"),
        recoverable_minor=sum(line.quote_minor for line in payable if line.recoverable),
        complete=not any(line.unknown for line in lines),
        confidence=confidence_of(lines, legs),
        pareto=False,
        flags=(*age_flags(chain.cards, intake.shipment.on), *low_figures(lines, legs)),
        assumptions=assumptions,
        margin_minor=None if priced.margin is None else priced.margin.first(),
    )


def _sum(lines: Sequence[ChargeLine], kind: str) -> int:
    return sum(line.quote_minor for line in lines if line.kind == kind)


def duty(book: Book, shipment: Shipment, *, channel: str = "", transport: str = "") -> DutyAnswer:
    """Return what clearance alone costs, freight and insurance as stated.

    Args:
        book: compiled tables.
        shipment: what crosses the border; `freight` None is unknown.
        channel: postal, express, commercial, freight, personal, 9610, 1210.
        transport: air, sea, rail or road, where fees depend on it.

    A clearance that is refused has lines but no sum that means anything: its flags say `refused:`.

    Raises:
        UsageError: the shipment cannot be understood.
        TableError: no table knows the destination, or none on that day.
    """
    cleared = clear(book, shipment, channel=channel, transport=transport)
    stated, market, tile, priced = cleared.shipment, cleared.market, cleared.tile, cleared.priced
    lines = charge_lines(priced, legs={})
    payable = [line for line in lines if line.kind != "amount"]
    uses = fx_uses(tile)
    value = next((line.amount_minor for line in lines if line.code == "customs_value"), None)
    refused = refused_flags(priced)
    regimes = regime_choices(priced)
    return DutyAnswer(
        shipment=stated,
        on=stated.on,
        market=market.id,
        market_name=market.name,
        channel=cleared.channel,
        scheme=priced.run.program.context["scheme"],
        currency=market.currency,
        digest=book.digest,
        overlays=book.overlays,
        fx=uses,
        customs_value_minor=value,
        lines=lines,
        regimes=regimes,
        duty_minor=_sum(payable, "duty"),
        tax_minor=_sum(payable, "tax"),
        fees_minor=_sum(payable, "fee"),
        total_minor=sum(line.quote_minor for line in payable),
        complete=not any(line.unknown for line in lines),
        confidence=confidence_of(lines, ()),
        flags=(
            *refused,
            *fx_flags(uses, stated.on),
            *substitute_flags(book, market.id, uses),
            *low_figures(lines, ()),
            *_unused(book, market.id, stated, regimes),
        ),
        assumptions=cleared.assumptions,
        clearances=() if channel else _compared(book, tile, market.id, shipment, ()),
    )


def _unused(
    book: Book, market: str, shipment: Shipment, regimes: Sequence[RegimeChoice]
) -> tuple[str, ...]:
    """Say which stated rates changed nothing, because no charge here has one of that name."""
    rules = book.market(market)
    if rules is None or not shipment.overrides:
        return ()
    taken = {one.id for one in regimes if one.taken}
    inner = [c for one in rules.entry.regimes if one.id in taken for c in one.charges]
    names = unused((*rules.entry.charges, *inner), shipment.overrides)
    return tuple(f"unused: no charge of this clearance takes the rate of {n}" for n in names)


def _compared(
    book: Book, tile: Tile, market: str, shipment: Shipment, options: Sequence[Option]
) -> tuple[Clearance, ...]:
    """Return the clearances that a market wants shown against each other."""
    rules = book.market(market)
    channels = rules.compare if rules is not None else ()
    return clearances(
        tile, shipment, channels, options, lambda one, channel: duty(book, one, channel=channel)
    )


def best(
    book: Book,
    shipments: Sequence[Shipment],
    *,
    currency: str = "",
    by: str = "cost",
    top: int = 1,
) -> list[Quote]:
    """Return a quote for each shipment, cut to its best options: the same answers as one by one.

    An order that cannot be understood, or whose market no table knows, has no options and says why.
    """
    out = []
    for shipment in shipments:
        try:
            full = quote(book, shipment, currency=currency, by=by)
        except (UsageError, TableError) as error:
            full = _unanswered(book, shipment, currency, error)
        out.append(replace(full, options=full.options[:top] if top else full.options))
    return out


def _unanswered(book: Book, shipment: Shipment, currency: str, error: XbError) -> Quote:
    """Return a quote without options: why nothing could be said about one order of a batch."""
    own = shipment.items[0].value.currency if shipment.items else ""
    return Quote(
        shipment=shipment,
        on=shipment.on,
        currency=currency or own,
        digest=book.digest,
        overlays=book.overlays,
        fx=(),
        options=(),
        excluded=tuple(
            Excluded(
                mode="",
                service="",
                carrier_name="",
                service_name="",
                code=problem.code,
                reason=problem.what,
                fix=problem.fix,
            )
            for problem in error.problems
        ),
        assumptions=(),
        flags=(),
    )
