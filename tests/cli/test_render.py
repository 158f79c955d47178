"""What a terminal shows: words wrap, numbers stay whole, Chinese takes two cells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.cli.render import table, tree
from xborder_cli.cli.render.rows import money
from xborder_cli.cli.render.text import cells, fit, pad, wrap
from xborder_cli.core.answer import ChargeLine, Leg, Option, Quote
from xborder_cli.core.rule import Money, Provenance
from xborder_cli.core.shipment import Item, Shipment

DIGITS = {"XAD": 2}
SOURCE = Provenance("cards/a.yaml", 7, "A list", "https://a.test", 20_000, 20_100, "medium")
words = st.text(st.sampled_from("abc 邮政é-"), max_size=40)


@given(words, st.integers(3, 40))
def test_fit(text, width):
    assert cells(fit(text, width)) <= width


@given(words, st.integers(4, 40))
def test_wrap_loses_nothing(text, width):
    lines = wrap(text, width, indent="  ")
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(words, st.integers(0, 60))
def test_pad(text, width):
    assert cells(pad(text, width)) == max(width, cells(text))


def option(rank: int, amounts: list[int], name: str, carrier: str) -> Option:
    freight, duty, tax, fees = amounts
    leg = Leg(
        kind="door_to_door",
        carrier="c",
        carrier_name=carrier,
        service="s",
        service_name=name,
        transport="air",
        site="",
        zone="1",
        chargeable_mg=500_000,
        card_from=20_000,
        provenance=SOURCE,
    )
    lines = [
        ChargeLine(
            kind=kind,
            code=kind,
            name="",
            step=0,
            leg=0,
            event="",
            payer="seller",
            collected="",
            base="",
            rate="",
            amount_minor=amount,
            currency="XAD",
            quote_minor=amount,
            provenance=SOURCE,
        )
        for kind, amount in zip(("freight", "duty", "tax", "fee"), amounts, strict=True)
    ]
    return Option(
        rank=rank,
        mode="post",
        mode_name="Post",
        direction="export",
        carrier="c",
        carrier_name=carrier,
        service="s",
        service_name=name,
        legs=(leg,),
        channel="postal",
        incoterm="DAP",
        scheme="",
        transit_days=(3, 12),
        chargeable_mg=500_000,
        lines=tuple(lines),
        regimes=(),
        freight_minor=freight,
        duty_minor=duty,
        tax_minor=tax,
        fees_minor=fees,
        total_minor=sum(amounts),
        seller_minor=sum(amounts),
        buyer_minor=0,
        recoverable_minor=0,
        complete=rank % 2 == 0,
        confidence="medium",
        pareto=rank == 1,
        flags=(),
        assumptions=(),
    )


def quote(options: list[Option]) -> Quote:
    shipment = Shipment(
        origin="XA", destination="XB", on=20_500, items=(Item(value=Money("XAD", (25, 1))),)
    )
    return Quote(
        shipment=shipment,
        on=20_500,
        currency="XAD",
        digest="d",
        overlays=(),
        fx=(),
        options=tuple(options),
        excluded=(),
        assumptions=(),
        flags=(),
    )


amounts = st.lists(st.integers(0, 10**12), min_size=4, max_size=4)
names = st.text(st.sampled_from("Express 国际快递-[bold]"), min_size=1, max_size=50)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(amounts, names, names), min_size=1, max_size=4),
    st.sampled_from([20, 60, 80, 119, 120, 160, 240]),
)
def test_no_number_is_cut(rows, width):
    options = [option(rank, *row) for rank, row in enumerate(rows, 1)]
    look = table.Look(width=width, colour=False)
    text = table.quote_table(quote(options), options, DIGITS, look)
    for one in options:
        both = one.duty_minor + one.tax_minor
        shown = [one.freight_minor, one.fees_minor, one.total_minor]
        apart = " Duty " in text.splitlines()[2]
        shown += [one.duty_minor, one.tax_minor] if apart else [both]
        for minor in shown:
            assert money(minor, "XAD", DIGITS) in text


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 130, 160])
def test_no_word_is_cut_and_lines_keep_to_the_width(width):
    options = [
        option(1, [13490, 188, 0, 0], "国际快递 Express", "Zip"),
        option(2, [4512, 5524, 3180, 1700], "Express, a long name that does not fit", "顺丰"),
    ]
    look = table.Look(width=width, colour=False)
    text = table.quote_table(quote(options), options, DIGITS, look)
    assert text.count("medium") == 2
    assert table.widest(text) <= width


def test_included_is_not_none_due():
    free = option(1, [535, 0, 0, 0], "Express", "Zip")
    lines = tuple(
        replace(line, included=True) if line.kind == "duty" else line for line in free.lines
    )
    held = replace(free, lines=lines)
    assert table.levy(free, DIGITS, "XAD") == "0.00"
    assert table.levy(held, DIGITS, "XAD") == "incl."
    assert table.levy(held, DIGITS, "XAD", ("tax",)) == "0.00"
    look = table.Look(width=80, colour=False)
    text = table.quote_table(quote([held]), [held], DIGITS, look)
    assert "incl. in the price of the freight" in text


def test_a_rank_by_less_than_the_total_says_so():
    one = replace(option(1, [535, 0, 188, 0], "Express", "Zip"), recoverable_minor=188)
    look = table.Look(width=80, colour=False)
    assert "less tax that is got back" in table.quote_table(quote([one]), [one], DIGITS, look)


@pytest.mark.parametrize("width", [80, 160])
def test_columns_stand_in_line(width):
    options = [
        option(1, [535, 188, 0, 0], "国际快递 Express", "Zip"),
        option(2, [4512, 188, 0, 1700], "Express, a long name that does not fit", "顺丰"),
    ]
    look = table.Look(width=width, colour=False)
    lines = table.quote_table(quote(options), options, DIGITS, look).splitlines()
    assert all(cells(line) <= width for line in lines)
    ends = {
        cells(line[: line.index(total) + len(total)])
        for line in lines
        for total in ("7.23", "64.00")
        if total in line and line.lstrip()[0].isdigit()
    }
    assert len(ends) == 1


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_tree_keeps_to_its_width(width):
    options = [option(1, [535, 188, 0, 10**11], "国际快递 Express " * 6, "Zip")]
    page = tree.Page(width=width, colour=False, digits=DIGITS, currency="XAD", items=1)
    text = tree.explain_text(quote(options), options, page)
    assert max(map(cells, text.splitlines())) <= width
    assert "1000000000.00" in text


def test_colour_changes_no_word():
    import re

    options = [option(1, [535, 188, 0, 0], "Express", "Zip")]
    plain, coloured = (
        table.quote_table(quote(options), options, DIGITS, table.Look(width=80, colour=colour))
        for colour in (False, True)
    )
    assert "\x1b" not in plain
    bare = re.sub("\x1b\\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()
