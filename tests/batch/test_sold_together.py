"""Orders of unlike marketplaces and payments, priced together: as if each had a file of its own."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict

CURRENCY = {"US": "USD", "NL": "EUR"}
# for accounts in Germany adyen has two cards, paypal-china none; paypal-gb is a card's own id
PAYMENTS = ("paypal", "adyen", "adyen", "paypal-china", "paypal-china", "paypal-gb", "")
# lists of some begin in the year: of days before that and after, one name has two cards
PLATFORMS = ("amazon", "ebay", "etsy", "nowhere", "")
CATEGORIES = ("", "jewelry")
HEADING = (
    "order_id", "ordered_on", "from", "to", "weight", "size", "value", "goods", "sale_price",
    "sale_shipping", "sale_payment", "platform", "sale_category", "cogs", "purchase_price",
)  # fmt: skip


def drawn(seed: int, count: int) -> list[dict[str, str]]:
    """Return random orders, some of whose sale is told in part only."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        to = draw.choice(list(CURRENCY))
        amount = str(draw.randint(4, 300)) + CURRENCY[to]
        cells = (
            f"o{number}", f"2026-{draw.randint(1, 11):02}-{draw.randint(1, 20):02}",
            draw.choice(("CN", "DE", "DE")), to, f"{draw.randint(50, 32000)}g",
            f"{draw.randint(10, 40)}x20x5cm", amount, draw.choice(("t-shirt-cotton", "scarf-silk")),
            draw.choice((amount, amount, amount, "")), draw.choice(("", "4.99EUR", "0USD")),
            draw.choice(PAYMENTS),
            draw.choice(PLATFORMS), draw.choice(CATEGORIES), draw.choice(("", "9CNY")),
            draw.choice(("", "", "", "", "7CNY")),
        )  # fmt: skip
        rows.append(dict(zip(HEADING, cells, strict=True)))
    return rows


def priced(xb, rows: list[dict[str, str]], flags: list[str]) -> dict[str, list[dict[str, str]]]:
    """Return the options of each order, as the program writes them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADING)
    writer.writeheader()
    writer.writerows(rows)
    found = xb(
        ["batch", "-", "--format", "csv", "--workers", "1", *flags], stdin=text.getvalue().encode()
    )
    out = defaultdict(list)
    for row in csv.DictReader(io.StringIO(found.stdout)):
        out[row["order_id"]].append(row)
    assert len(out) == len(rows), found.stderr
    return out


def test_what_others_in_the_file_name_changes_no_order(xb):
    flags = ["--all", "--by", "margin"]
    rows = drawn(7, 32)
    kinds = defaultdict(list)
    for row in rows:
        alike = ("sale_payment", "platform", "sale_category")
        stated = tuple(bool(row[name]) for name in HEADING[8:])
        kinds[*(row[name] for name in alike), stated].append(row)
    alone = {}
    for one in kinds.values():
        alone |= priced(xb, one, flags)
    assert priced(xb, rows, flags) == alone
