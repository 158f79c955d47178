"""Folders of tables to rules: unions, markets over their union, overlays, every fault at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xborder_cli.core.rule import Bands, Dated, Lookup, Terms
from xborder_cli.errors import TableError
from xborder_cli.tables.checks import check_tables
from xborder_cli.tables.load import load_tables, load_text, parse_charge_set, parse_charges
from xborder_cli.units import day_text, parse_day

if TYPE_CHECKING:
    from pathlib import Path

WORLD = """
kind: countries
countries: |
  code  name      union
  XA    Atland    XU
  XB    Betania   XU
  XC    Ceylonia  -
---
kind: currencies
currencies: |
  code  digits
  XAD   2
  XBY   0
"""
CARD = """
kind: rate_card
id: acme-line
carrier: acme
service: Acme Line
leg: line
transport: air
origins: [XU]
currency: XAD
from: 2026-01-05
source: {title: fictional}
weight: {divisor: 139 in3/lb, unit: lb, round_up_to: [[20 lb, 0.5 lb], [open, 1 lb]]}
measures: {revenue_tonne: {of: cbm, density: 500 kg/cbm, at_least: 1 cbm}}
zones: |
  zone  countries  postcodes     days
  1     XC         20-29 SW1     3-5
  2     XU         -             4
limits: [{chargeable: up to 30 kg, when: {to: XU}}]
charges:
  - code: freight
    kind: freight
    rate:
      bands: whole
      by: chargeable
      ends: up_to
      keys: [zone]
      grid: |
        zone  up_to_kg  XAD  XAD/kg
        1     2         16   132      # a remark
        2     2         17   -
"""
UNION = """
kind: market
id: XU
name: Union
currency: XAD
tariff: XU
from: 2020-01-01
source: {title: fictional}
values: {relief: {2020-01-01: 150 XAD, 2026-07-01: 0 XAD}}
lookups:
  vat: |
    hs  rate
    *   words: the member's
entry:
  charges:
    - {code: value, kind: amount, base: [goods, freight]}
    - {code: duty, kind: duty, base: [value], rate: {lookup: mfn}, when: {value: over $relief}}
    - {code: vat, kind: tax, base: [value, duty], rate: $vat}
    - {code: fee, kind: fee, rate: 3 XAD}
---
kind: programme
tariff: XU
id: mfn
source: {title: fictional}
rows: |
  hs    origin  rate                     until       when
  *     -       5 %                      -           -
  6109  XU      7.5 % min 1 XAD / item   2026-06-30  unit_value: up to 10 XAD
"""
MEMBER = """
kind: market
id: XB
name: Betania
extends: XU
currency: XBY
from: 2021-01-01
source: {title: fictional}
values: {vat: {2021-01-01: 19 %, 2026-04-01: {value: 20 %, confidence: low}, 2030-01-01: ended}}
entry:
  charges:
    - {code: fee, drop: true}
    - {code: post_fee, kind: fee, rate: 500 XBY}
  regimes:
    - id: gift
      when: {buyer: private}
      charges: [{code: gift_tax, kind: tax, base: [goods], rate: 2.5 %}]
    - {id: normal, charges: [{code: normal_tax, kind: tax, base: [goods], rate: 1 %}]}
"""


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_rate_card(tmp_path: Path) -> None:
    tables = load_tables([write(tmp_path, world=WORLD, card=CARD)])
    (card,) = tables.cards
    assert card.origins == ("XA", "XB")
    assert card.zones[0].postcodes == ("20-29", "SW1")
    assert card.zones[1].countries == ("XA", "XB")
    assert card.zones[0].transit_days == (3, 5)
    assert card.zones[1].transit_days == (4, 4)
    assert card.weight is not None
    assert card.weight.divisor is not None
    assert card.weight.round_up_to == (((20, 1), (1, 2)), (None, (1, 1)))
    assert card.measures["revenue_tonne"].at_least[0].amount == 500_000_000
    assert card.limits[0].when[0].values == ("XA", "XB")
    rate = card.charges[0].rate
    assert isinstance(rate, Bands)
    assert [len(band.terms.parts) for band in (*rate.rows["1"], *rate.rows["2"])] == [2, 1]
    assert rate.rows["1"][0].line == CARD.count("\n", 0, CARD.index("1     2         16")) + 1
    assert card.charges[0].provenance.line == 20
    assert check_tables(tables) == ()


def test_member_over_union(tmp_path: Path) -> None:
    tables = load_tables([write(tmp_path, world=WORLD, union=UNION, member=MEMBER)])
    assert list(tables.markets) == ["XB"]  # a union is no market of its own
    market = tables.markets["XB"]
    assert [charge.code for charge in market.entry.charges] == ["value", "duty", "vat", "post_fee"]
    assert (market.tariff, market.currency) == ("XU", "XBY")
    assert market.first_day == parse_day("2021-01-01")
    assert [regime.id for regime in market.entry.regimes] == ["gift", "normal"]
    _, duty, vat, _ = market.entry.charges
    assert duty.rate == Lookup("mfn")
    limit = duty.when[0].limit
    assert limit is not None
    assert [span.since for span in limit.spans] == [
        parse_day("2020-01-01"),
        parse_day("2026-07-01"),
    ]
    assert isinstance(vat.rate, Dated)
    assert [isinstance(span.value, Terms) for span in vat.rate.spans] == [True, True, False]
    assert [span.provenance.confidence for span in vat.rate.spans] == ["high", "low", "high"]
    assert ("XB", "vat") in tables.programmes
    rows = tables.programmes["XU", "mfn"].rows
    assert [row.origin for row in rows] == ["", "XA", "XB"]
    assert rows[1].until == parse_day("2026-06-30")
    assert rows[1].when[0].name == "unit_value"
    assert [problem for problem in check_tables(tables) if not problem.warning] == []


def test_later_folder_wins_by_identity(tmp_path: Path) -> None:
    base = write(tmp_path / "base", world=WORLD, card=CARD)
    mine = write(tmp_path / "mine", contract=CARD.replace("XAD/kg", "XAD/lb"))
    tables = load_tables([base, mine])
    (card,) = tables.cards
    assert card.provenance.table == "contract.yaml"
    assert tables.countries["XC"] == "Ceylonia"
    later = write(tmp_path / "later", card=CARD.replace("from: 2026-01-05", "from: 2026-06-01"))
    assert len(load_tables([base, later]).cards) == 2


def test_digest_follows_names_and_bytes(tmp_path: Path) -> None:
    first = load_tables([write(tmp_path / "a", world=WORLD)]).digest
    assert load_tables([write(tmp_path / "b", world=WORLD)]).digest == first
    assert load_tables([write(tmp_path / "c", other=WORLD)]).digest != first
    assert load_tables([write(tmp_path / "d", world=WORLD + "\n")]).digest != first


def test_every_fault_of_every_file_at_once(tmp_path: Path) -> None:
    faulty = CARD.replace("origins: [XU]", "origins: [QQ]").replace("16   132", "16   1,32")
    with pytest.raises(TableError) as caught:
        load_tables([write(tmp_path, world=WORLD, card=faulty, broken="a: [b")])
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["yaml", "unknown-country", "bad-price"]


def test_a_union_fault_is_told_once(tmp_path: Path) -> None:
    union = UNION.replace("rate: 3 XAD", "rate: 3 XXX")
    other = MEMBER.replace("id: XB", "id: XA").replace("    - {code: fee, drop: true}\n", "")
    with pytest.raises(TableError) as caught:
        load_tables([write(tmp_path, world=WORLD, union=union, b=MEMBER, a=other)])
    assert [problem.code for problem in caught.value.problems] == ["unknown-currency"]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        load_tables([tmp_path / "nowhere"])
    assert caught.value.problems[0].code == "no-folder"


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"kind: goods\nname: \xff\n")
    with pytest.raises(TableError) as caught:
        load_tables([tmp_path])
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line, problem.where.column) == ("not-utf8", 2, 7)


def test_yaml_takes_no_liberties() -> None:
    tables = load_text(
        "kind: countries\ncountries: |\n  code  name\n  NO    Norway\n"
        "---\nkind: goods\nsource: {title: fictional}\ngoods: |\n"
        "  slug  name  hs\n  bull  Bull  010221\n"
    )
    assert tables.countries == {"NO": "Norway"}
    assert tables.goods["bull"].hs == "010221"


def test_charges_of_a_text() -> None:
    (charge,) = parse_charges(
        "- {code: mpf, kind: fee, base: [goods], rate: 0.3464 %, min: 34.58 USD, max: 670.86 USD}",
        "USD",
    )
    assert charge.low is not None
    assert charge.rate is not None
    with pytest.raises(TableError):
        parse_charges("- {code: a, kind: fee, rate: 1}", "USD")


def test_rows_in_line_and_regimes_of_a_text() -> None:
    found = parse_charge_set(
        """
select: cheapest
charges:
  - code: storage
    kind: fee
    rate:
      bands: portion
      by: days
      ends: up_to
      rows: [[60, 1.50 CNY / cbm day], [null, 2.25 CNY / cbm day]]
  - code: fulfilment
    kind: fee
    rate:
      bands: whole
      by: chargeable
      ends: up_to
      keys: [size, price]
      rows: {large|mid: [[16 oz, 4.60 USD]]}
regimes:
  - id: retail
    when: {goods: up to $limit}
    charges: [{code: tax, kind: tax, base: [goods], rate: 9 %}]
""",
        "CNY",
        values="{limit: 5000 CNY}",
    )
    storage, fulfilment = found.charges
    assert isinstance(storage.rate, Bands)
    assert storage.rate.rows[""][1].limit is None
    assert isinstance(fulfilment.rate, Bands)
    assert list(fulfilment.rate.rows) == ["large|mid"]
    assert found.select == "cheapest"
    limit = found.regimes[0].when[0].limit
    assert limit is not None
    assert limit.spans[0].value.amount == (5000, 1)  # type: ignore[attr-defined]


def test_a_charge_without_public_figure() -> None:
    (charge,) = parse_charges(
        "- {code: air, kind: freight, rate: {user: 9610-air, unit: CNY / kg, words: by air}}",
        "CNY",
    )
    assert isinstance(charge.rate, Dated)
    terms = charge.rate.spans[0].value
    assert isinstance(terms, Terms)
    assert (terms.parts[0].user, terms.parts[0].units) == ("9610-air", ("kg",))


def test_frames(tmp_path: Path) -> None:
    from xborder_cli.tables.frames import Frames

    tables = load_tables([write(tmp_path, world=WORLD, card=CARD, union=UNION, member=MEMBER)])
    frames = Frames(tables)
    assert frames.prices["amount"].tolist() == ["16.00", "132.00", "17.00"]
    assert frames.prices["key"].tolist() == ["1", "1", "2"]
    assert set(frames.zones["country"]) == {"XA", "XB", "XC"}
    assert "post_fee" in set(frames.charges["code"])
    assert len(frames.programmes) == 4
    assert frames.goods.empty


LATER = """\
kind: programme
tariff: XT
id: mfn
currency: XAD
from: 2026-06-01
{earlier}source: {{title: fictional}}
checked: 2026-06-01
rows: |
  hs      rate  from
  610910  9 %   2026-06-01
"""
FIRST = """\
kind: programme
tariff: XT
id: mfn
currency: XAD
source: {title: fictional}
checked: 2026-01-01
rows: |
  hs      rate  from        until
  610910  12 %  2026-01-01  -
  6402    5 %   2025-01-01  2025-12-31
  6403    4 %   2026-07-01  -
---
kind: currencies
currencies: |
  code  digits  name
  XAD   2       Atland dollar
"""


@pytest.mark.parametrize("said", ["earlier: kept\n", ""])
def test_a_later_folder_takes_the_place_of_a_programme_from_its_day_or_whole(
    tmp_path: Path, said: str
) -> None:
    for name, text in (("first", FIRST), ("later", LATER.format(earlier=said))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "duties.yaml").write_text(text, encoding="utf-8")
    tables = load_tables([tmp_path / "first", tmp_path / "later"])
    found = {
        (row.hs, day_text(row.since), day_text(row.until) if row.until else "")
        for row in tables.programmes["XT", "mfn"].rows
    }
    new = {("610910", "2026-06-01", "")}
    old = {("610910", "2026-01-01", "2026-05-31"), ("6402", "2025-01-01", "2025-12-31")}
    assert found == (new | old if said else new)


def test_who_keeps_what_was_says_from_when(tmp_path: Path) -> None:
    text = LATER.format(earlier="earlier: kept\n").replace("from: 2026-06-01\n", "", 1)
    (tmp_path / "duties.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as raised:
        load_tables([tmp_path])
    assert "missing-key" in {problem.code for problem in raised.value.problems}
