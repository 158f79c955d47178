"""The architecture proved: an invented world in tests/overlay/, priced to the cent by tables alone.

Every amount is worked out by hand beside its expectation. 1 EUR is 4 XQA and 250 XQB, so 1 XQB
is 0.016 XQA; the levy of 12 % is part of its own base: sum x 12 / 88.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

OVERLAY = Path(__file__).parent / "overlay"
LANE = ["--from", "QZ", "--to", "XA", "--currency", "XQA", "--goods", "glow-lantern"]
JUNE = "2026-06-15"


def ask(xb, *flags: str, on: str = JUNE, code: int = 0, rates: Path = OVERLAY, **more):
    """The quote as JSON."""
    rest = ["--on", on, "--rates", str(rates), "--format", "json"]
    ran = xb(["quote", *LANE, *flags, *rest], **more)
    assert ran.code == code, ran.stderr
    return json.loads(ran.stdout)


def parcel(weight: str, size: str, value: str, *flags: str) -> list[str]:
    """One parcel's flags."""
    return ["--weight", weight, "--size", size, "--value", value, *flags]


def option(quote: dict, service: str) -> dict:
    """One option of a quote, sums checked."""
    found = next(o for o in quote["options"] if o["service"] == service)
    total = Decimal(found["total"])
    assert total == sum(Decimal(found[part]) for part in ("freight", "duty", "tax", "fees"))
    assert total == Decimal(found["seller_pays"]) + Decimal(found["buyer_pays"])
    assert total == sum(Decimal(c["in_quote_currency"]) for c in found["charges"] if paid(c))
    return found


def paid(charge: dict) -> bool:
    """A line that somebody pays, not a named base."""
    return charge["kind"] != "amount"


def lines(found: dict) -> dict[str, str]:
    """Amounts above 0 by code, in each charge's own currency."""
    return {c["code"]: c["amount"] for c in found["charges"] if paid(c) and Decimal(c["amount"])}


def test_the_tables_are_sound(xb):
    ran = xb(["rates", "check", "--rates", str(OVERLAY)])
    assert ran.code == 0, ran.stderr


# -- the invented country: a cliff, an allowance, odd rounding, a levy in its own base ------------


@pytest.mark.parametrize("value", ["9.99EUR", "10.00EUR"])
def test_up_to_the_limit_all_is_free(xb, value):
    """10.00 EUR is 40.00 XQA, at the limit to the cent."""
    found = option(ask(xb, *parcel("0.4kg", "20x15x10cm", value)), "zephyr-parcel")
    # 0.4 kg is charged as 0.5 kg: 900 XQB; fuel 10 % of it: 90 XQB
    assert lines(found) == {"freight": "900", "fuel": "90"}
    # 900 x 0.016 = 14.40, 90 x 0.016 = 1.44
    assert found["total"] == "15.84"
    assert (found["duty"], found["tax"], found["fees"]) == ("0.00", "0.00", "0.00")


def test_a_cent_above_the_limit_the_whole_value_pays(xb):
    found = option(ask(xb, *parcel("0.4kg", "20x15x10cm", "10.01EUR")), "zephyr-parcel")
    # goods 40.04 + freight 14.40 + fuel 1.44 = 55.88 XQA at customs
    # duty: (55.88 - 20.00) x 10 % = 3.588, down to quarters: 3.50
    # desk fee: 1.5 % x 55.88 = 0.84, at least 3.00
    # levy: (55.88 + 3.50 + 3.00) x 12 / 88 = 8.50636: 8.51
    assert lines(found) == {
        "freight": "900",
        "fuel": "90",
        "duty": "3.50",
        "desk_fee": "3.00",
        "levy": "8.51",
    }
    assert found["total"] == "30.85"  # 15.84 + 3.50 + 3.00 + 8.51
    assert (found["incoterm"], found["seller_pays"]) == ("DAP", "15.84")
    assert found["buyer_pays"] == "15.01"


def test_under_ddp_the_seller_pays_the_same_dues(xb):
    asked = ask(xb, *parcel("0.4kg", "20x15x10cm", "10.01EUR", "--incoterm", "DDP"))
    found = option(asked, "zephyr-parcel")
    assert (found["total"], found["seller_pays"], found["buyer_pays"]) == ("30.85", "30.85", "0.00")


def test_the_limit_moves_on_its_day(xb):
    """15.00 EUR is 60.00 XQA: above 40 in June, at the limit of 60 from July."""
    box = parcel("0.4kg", "20x15x10cm", "15.00EUR")
    before = option(ask(xb, *box, on="2026-06-30"), "zephyr-parcel")
    after = option(ask(xb, *box, on="2026-07-01"), "zephyr-parcel")
    # 60.00 + 15.84 = 75.84; duty 55.84 x 10 % = 5.584: 5.50; fee 3.00
    # levy (75.84 + 5.50 + 3.00) x 12 / 88 = 11.50090: 11.50; total 15.84 + 5.50 + 3.00 + 11.50
    assert before["total"] == "35.84"
    assert after["total"] == "15.84"


@pytest.mark.parametrize(
    ("value", "fee", "duty", "levy", "total"),
    [
        # 1200 + 120 XQB are 19.20 + 1.92 = 21.12 XQA of freight
        # 240.00 + 21.12 = 261.12: fee 3.9168; duty 241.12 x 10 % = 24.112: 24.00;
        # levy (261.12 + 24.00 + 3.92) x 12 / 88 = 39.41454
        ("60EUR", "3.92", "24.00", "39.41", "88.45"),
        # 800.00 + 21.12 = 821.12: fee 12.32, at most 8.00; duty 801.12 x 10 % = 80.112: 80.00;
        # levy (821.12 + 80.00 + 8.00) x 12 / 88 = 123.97090
        ("200EUR", "8.00", "80.00", "123.97", "233.09"),
    ],
)
def test_the_fee_between_its_floor_and_its_ceiling(xb, value, fee, duty, levy, total):
    found = option(ask(xb, *parcel("0.4kg", "20x15x10cm", value)), "zephyr-parcel")
    own = lines(found)
    assert (own["desk_fee"], own["duty"], own["levy"]) == (fee, duty, levy)
    assert found["total"] == total


def test_duty_follows_the_goods(xb):
    """A kite pays the 6 % of everything else."""
    asked = ask(xb, *parcel("0.4kg", "20x15x10cm", "10.01EUR", "--goods", "paper-kite"))
    # (55.88 - 20.00) x 6 % = 2.1528, down to quarters: 2.00
    assert lines(option(asked, "zephyr-parcel"))["duty"] == "2.00"


def test_clearance_alone(xb):
    stated = ["--from", "QZ", "--to", "XA", "--value", "60EUR", "--freight", "5.28EUR"]
    more = ["--goods", "glow-lantern", "--on", JUNE, "--rates", str(OVERLAY), "--format", "json"]
    answer = json.loads(xb(["duty", *stated, *more]).stdout)
    # 5.28 EUR is 21.12 XQA: as the 60 EUR parcel above
    assert (answer["customs_value"], answer["duty"], answer["tax"]) == ("261.12", "24.00", "39.41")
    assert (answer["fees"], answer["total"]) == ("3.92", "67.33")


# -- the invented carrier: first and continued weight, volume above a size, zones, classes, fuel --


@pytest.mark.parametrize(
    ("weight", "size", "charged", "freight"),
    [
        ("0.5kg", "20x15x10cm", "0.500", "900"),  # the first half kilogram
        ("0.501kg", "20x15x10cm", "1.000", "1150"),  # and a gram: 900 + 250
        # sides of 90 cm together: volume does not count, though it would be 4 kg
        ("2.2kg", "40x30x20cm", "2.500", "1900"),  # 900 + 4 x 250
        # 91 cm: 41 x 30 x 20 / 6000 = 4.1 kg, charged as 4.5
        ("2.2kg", "41x30x20cm", "4.500", "2900"),  # 900 + 8 x 250
        ("20kg", "40x30x20cm", "20.000", "10650"),  # 900 + 39 x 250
    ],
)
def test_first_and_continued_weight(xb, weight, size, charged, freight):
    found = option(ask(xb, *parcel(weight, size, "10EUR")), "zephyr-parcel")
    assert (found["chargeable_weight_kg"], lines(found)["freight"]) == (charged, freight)


@pytest.mark.parametrize(
    ("value", "freight"), [("50.00EUR", "900"), ("50.01EUR", "1200"), ("500.00EUR", "1200")]
)
def test_the_class_goes_by_value_in_the_countrys_money(xb, value, freight):
    """50.00 EUR is 200.00 XQA, the last of the plain class; the card itself is in XQB."""
    found = option(ask(xb, *parcel("0.4kg", "20x15x10cm", value)), "zephyr-parcel")
    assert lines(found)["freight"] == freight


@pytest.mark.parametrize(
    ("postcode", "own"),
    [
        ("1234", {"freight": "900", "fuel": "90"}),
        ("7712", {"freight": "1300", "remote": "350", "fuel": "130"}),  # fuel not on remote
        ("8999", {"freight": "1300", "remote": "350", "fuel": "130"}),  # in the range 80-89
        ("9000", {"freight": "900", "fuel": "90"}),
    ],
)
def test_remote_by_postcode(xb, postcode, own):
    asked = ask(xb, *parcel("0.4kg", "20x15x10cm", "10EUR", "--postcode", postcode))
    assert lines(option(asked, "zephyr-parcel")) == own


@pytest.mark.parametrize(
    ("on", "fuel"),
    [
        ("2026-07-05", "170"),  # 10 % of 1300 + 400
        ("2026-07-06", "213"),  # 12.5 % of it is 212.5, half up
    ],
)
def test_fuel_takes_another_percent_on_its_day(xb, on, fuel):
    box = parcel("1kg", "20x15x10cm", "10EUR", "--postcode", "8500", "--option", "residential")
    found = option(ask(xb, *box, on=on), "zephyr-parcel")
    # 0.016 a bit: 1700 is 27.20, 350 is 5.60, 180 is 2.88
    expect = {"freight": "1700", "remote": "350", "residential": "180", "fuel": fuel}
    assert lines(found) == expect
    assert found["total"] == {"170": "38.40", "213": "39.09"}[fuel]  # 2.72 or 3.408 of fuel


@pytest.mark.parametrize(
    ("on", "own"),
    [
        ("2026-10-31", {"freight": "900", "fuel": "113"}),  # 112.5, half up
        ("2026-11-01", {"freight": "900", "season": "125", "fuel": "128"}),  # 12.5 % of 1025: 128.1
        ("2027-01-01", {"freight": "900", "fuel": "113"}),
    ],
)
def test_a_surcharge_joins_the_base_of_another_from_its_own_file(xb, on, own):
    found = option(ask(xb, *parcel("0.4kg", "20x15x10cm", "10EUR"), on=on), "zephyr-parcel")
    assert lines(found) == own


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (parcel("20.001kg", "40x30x20cm", "10EUR"), "too-heavy"),
        (parcel("1kg", "100.1x10x10cm", "10EUR"), "too-large"),
        # 500.01 EUR is 2000.04 XQA, past the last class
        (parcel("0.4kg", "20x15x10cm", "500.01EUR"), ""),
    ],
)
def test_past_a_limit_there_is_no_price(xb, flags, code):
    asked = ask(xb, *flags, "--service", "zephyr-parcel", code=1)
    assert asked["options"] == []
    out = next(e for e in asked["excluded"] if e["service"] == "zephyr-parcel")
    assert out["code"] == code or not code
    assert out["reason"]


# -- the invented mode: a chain of its own, a channel of its own ----------------------------------


def test_a_mode_that_only_this_folder_knows(xb):
    box = parcel("0.8kg", "20x15x10cm", "30EUR", "--quantity", "2", "--mode", "balloon_mail")
    found = option(ask(xb, *box), "cumulus-drift")
    assert (found["mode"], found["channel"]) == ("balloon_mail", "aerial")
    assert [leg["kind"] for leg in found["legs"]] == ["launch", "drift", "landing"]
    # launch 300 XQB = 4.80; drift up to 1 kg 640 XQB = 10.24; landing 5.00 + 1.25 x 0.8 = 6.00
    # customs: 120.00 + 4.80 + 10.24 = 135.04, the landing comes after the border
    # duty (135.04 - 20.00) x 10 % = 11.504: 11.50; desk fee 2.03, at least 3.00
    # levy (135.04 + 11.50 + 3.00) x 12 / 88 = 20.39181; toll 2 x 2.00 = 4.00
    assert lines(found) == {
        "launch": "300",
        "drift": "640",
        "landing": "6.00",
        "duty": "11.50",
        "desk_fee": "3.00",
        "levy": "20.39",
        "sky_toll": "4.00",
    }
    assert (found["freight"], found["tax"], found["total"]) == ("21.04", "24.39", "59.93")
    assert found["confidence"] == "medium"  # the lowest of its cards
    assert found["transit_days"] == [4, 23]  # 1, 2 to 20, 1 to 2


def test_past_its_last_band_the_balloon_stays_down(xb):
    box = parcel("1.001kg", "20x15x10cm", "30EUR", "--mode", "balloon_mail")
    asked = ask(xb, *box, code=1)
    out = [(e["code"], e["fix"]) for e in asked["excluded"]]
    assert out == [("past-last-band", "0.001 kg lighter")]


# -- the invented warehouse: a lot across the sea, then a sale at home ----------------------------

STOCK = ["--lot", "200", "--storage-days", "40", "--transfer-value", "5EUR"]


def test_a_lot_through_a_warehouse(xb):
    box = parcel("0.25kg", "20x10x5cm", "25EUR", *STOCK, "--purchase-price", "10EUR")
    found = option(ask(xb, *box, "--mode", "overseas_warehouse"), "lagoon-sea")
    own = {c["code"]: c["in_quote_currency"] for c in found["charges"] if paid(c)}
    # 200 pieces of 0.001 cbm: 0.2 x 60000 = 12000 XQB, at least 15000 for the lot = 240.00 XQA
    assert own["sea_freight"] == "1.20"  # 75 XQB each
    # lot at customs: 200 x 20.00 + 240.00 = 4240.00; no allowance for stock
    assert own["duty"] == "2.12"  # 424.00 / 200
    assert own["desk_fee"] == "0.04"  # 63.60, at most 8.00, / 200
    # (4240.00 + 424.00 + 8.00) x 12 / 88 = 637.0909: 637.09, / 200 = 3.18545
    assert own["levy"] == "3.19"
    # 0.001 cbm x (30 days x 20 + 10 days x 35)
    assert own["storage"] == "0.95"
    assert (own["handling"], own["last_mile"]) == ("1.10", "3.20")
    # the price of 100.00 holds the levy: 100.00 / 1.12 x 12 % = 10.71428
    assert own["sale_levy"] == "10.71"
    # 10 EUR = 2500 XQB, of which 9 % come back: 225 XQB
    assert own["export_refund"] == "-3.60"
    assert (found["freight"], found["duty"], found["tax"]) == ("4.40", "2.12", "10.30")
    assert (found["fees"], found["total"]) == ("2.09", "18.91")
    assert found["seller_pays"] == "18.91"


def test_a_larger_lot_pays_by_volume(xb):
    box = parcel("0.25kg", "20x10x5cm", "25EUR", *STOCK, "--lot", "400")
    found = option(ask(xb, *box, "--mode", "overseas_warehouse"), "lagoon-sea")
    own = {c["code"]: c["in_quote_currency"] for c in found["charges"]}
    assert own["sea_freight"] == "0.96"  # 0.4 cbm x 60000 = 24000 XQB; 60 each


# -- the same as a process of its own -------------------------------------------------------------


def test_as_a_process(tmp_path):
    box = parcel("0.4kg", "20x15x10cm", "10.01EUR", "--service", "zephyr-parcel")
    command = [sys.executable, "-m", "xborder_cli", "quote", *LANE, *box, "--on", JUNE]
    command += ["--rates", str(OVERLAY), "--fields", "service,total,currency"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "service,total,currency\nzephyr-parcel,30.85,XQA\n"


# -- who wins: a later folder, a later issue, XB_RATES, xb.toml -----------------------------------

CARD = """\
kind: rate_card
id: {id}
carrier: {carrier}
service: {service}
modes: [{mode}]
leg: door_to_door
transport: air
origins: [{origin}]
to: [{to}]
currency: {currency}
from: {since}
incoterms: [DAP]
source: {{title: fictional}}
checked: 2026-06-01
confidence: high
charges:
  - {{code: freight, kind: freight, rate: {rate}}}
"""


def card(folder: Path, rate: str, **fields: str) -> Path:
    """A folder with one rate card of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    defaults = {
        "id": "zephyr-parcel",
        "carrier": "zephyr",
        "service": "Contract",
        "mode": "dedicated_line",
        "origin": "QZ",
        "to": "XA",
        "currency": "XQB",
        "since": "2026-01-01",
    }
    text = CARD.format(rate=rate, **{**defaults, **fields})
    (folder / f"{fields.get('since', 'card')}.yaml").write_text(text)
    return folder


SMALL = parcel("0.4kg", "20x15x10cm", "10EUR")
ZEPHYR = [*SMALL, "--service", "zephyr-parcel"]


def test_a_card_of_the_same_id_and_day_takes_the_place_whole(xb, tmp_path):
    mine = card(tmp_path / "mine", "500 XQB", carrier="own")
    found = option(ask(xb, *ZEPHYR, "--rates", str(OVERLAY), rates=mine), "zephyr-parcel")
    # nothing of the first card is left: no zone, no class, no limit, no fuel of its carrier
    assert lines(found) == {"freight": "500"}
    assert found["service_name"] == "Contract"
    far = [*ZEPHYR, "--postcode", "8500", "--rates", str(OVERLAY)]
    assert lines(option(ask(xb, *far, rates=mine), "zephyr-parcel")) == {"freight": "500"}
    heavy = parcel("25kg", "40x30x20cm", "10EUR", "--service", "zephyr-parcel")
    heavy += ["--rates", str(OVERLAY)]
    assert lines(option(ask(xb, *heavy, rates=mine), "zephyr-parcel")) == {"freight": "500"}


def test_a_contract_replaces_a_bundled_card_whole(xb, tmp_path):
    """The normal case of a merchant: a bundled service, at a price of one's own."""
    box = ["--from", "CN", "--to", "US", *parcel("0.4kg", "20x15x10cm", "25USD"), "--on", JUNE]
    box += ["--goods", "t-shirt-cotton", "--format", "json"]
    bundled = json.loads(xb(["quote", *box]).stdout)
    service = next(o for o in bundled["options"] if o["mode"] == "dedicated_line")
    first = next(
        c for c in service["charges"] if c["code"] and c["table"] and c["kind"] == "freight"
    )
    issue = _issue_of(service["service"], first["table"])
    mine = card(
        tmp_path / "mine",
        "1.23 USD",
        id=service["service"],
        carrier="own",
        origin="CN",
        to="US",
        currency="USD",
        since=issue,
    )
    ask_ = ["quote", *box, "--rates", str(mine), "--service", service["service"]]
    found = json.loads(xb(ask_).stdout)["options"]
    assert [o["freight"] for o in found] == ["1.23"]
    assert found[0]["service_name"] == "Contract"


def _issue_of(service: str, table: str) -> str:
    """The `from` of a bundled card, as its table prints it."""
    from xborder_cli.tables.bundled import bundled_folder

    text = (bundled_folder() / table).read_text(encoding="utf-8")
    part = next(p for p in text.split("\n---") if f"\nid: {service}\n" in p)
    line = next(p for p in part.splitlines() if p.startswith("from: "))
    return line.split()[1]


def test_a_later_issue_takes_over_on_its_day(xb, tmp_path):
    mine = card(tmp_path / "mine", "777 XQB", since="2026-06-20")

    def freight(on: str) -> list[str]:
        asked = ask(xb, *ZEPHYR, "--rates", str(OVERLAY), rates=mine, on=on)
        return [lines(found)["freight"] for found in asked["options"]]

    assert freight("2026-06-19") == ["900"]
    assert freight("2026-06-20") == ["777"]


def test_a_later_folder_wins(xb, tmp_path):
    one, two = card(tmp_path / "one", "111 XQB"), card(tmp_path / "two", "222 XQB")

    def freight(*folders: Path) -> str:
        flags = [word for folder in (OVERLAY, *folders[:-1]) for word in ("--rates", str(folder))]
        return lines(option(ask(xb, *ZEPHYR, *flags, rates=folders[-1]), "zephyr-parcel"))[
            "freight"
        ]

    assert freight(one, two) == "222"
    assert freight(two, one) == "111"


def test_folders_are_laid_toml_then_environment_then_flags(xb, tmp_path):
    card(tmp_path / "toml", "333 XQB")
    env = card(tmp_path / "env", "444 XQB")
    flag = card(tmp_path / "flag", "555 XQB")
    # folders of a settings file are read from where it lies
    project = tmp_path / "xb.toml"
    project.write_text(f'rates = ["{OVERLAY.as_posix()}", "toml"]\n')
    settings = {"XB_CONFIG": str(project)}
    ask_ = ["quote", *LANE, *ZEPHYR, "--on", JUNE, "--format", "json"]

    def freight(*flags: str, **environment: str) -> str:
        ran = xb([*ask_, *flags], env={**settings, **environment})
        assert ran.code == 0, ran.stderr
        return lines(option(json.loads(ran.stdout), "zephyr-parcel"))["freight"]

    assert freight() == "333"
    assert freight(XB_RATES=str(env)) == "444"
    assert freight("--rates", str(flag), XB_RATES=str(env)) == "555"
    assert freight("--rates", str(flag)) == "555"
    both = os.pathsep.join([str(flag), str(env)])
    assert freight(XB_RATES=both) == "444"  # the last of the list lies on top


def test_the_answer_names_the_folders(xb):
    answer = ask(xb, *SMALL)
    assert [Path(folder).name for folder in answer["tables"]["overlays"]] == ["overlay"]


def test_without_the_overlay_the_country_is_unknown(xb):
    ran = xb(["quote", *LANE, *SMALL, "--on", JUNE])
    assert ran.code == 2
    assert '"QZ"' in ran.stderr
    assert '"XA"' in ran.stderr
