"""The flags that commands share, each declared once."""

from __future__ import annotations

from xborder_cli.adapters.stated import Stated
from xborder_cli.cli.flags import OutputFlags, RankingFlags, TableFlags, flag, switch

PARCEL, GOODS, SALE, SELLING = "Parcel", "Goods", "Sale and clearance", "What the sale brings"
KNOWN, WAREHOUSE, RANKING = "What you know better", "Warehouse and lots", "Ranking"

LANE = {
    "origin": flag(
        "--from", metavar="COUNTRY", group=PARCEL, env="XB_FROM", help="where it leaves, such as CN"
    ),
    "destination": flag(
        "--to", metavar="COUNTRY", group=PARCEL, help="where the buyer is, such as US"
    ),
}
PARCEL_FLAGS = {
    **LANE,
    "weight": flag(
        "--weight", metavar="WEIGHT", group=PARCEL, help="packed: 0.8kg, 850g, 2lb, 12oz"
    ),
    "size": flag("--size", metavar="AxBxC", group=PARCEL, help="packed: 30x20x10cm, 12x8x4in"),
    "postcode": flag("--postcode", group=PARCEL, help="of the buyer, for zones and remote areas"),
    "region": flag(
        "--region", group=PARCEL, help="state or province of the buyer, where tax depends on it"
    ),
    "area": flag("--area", group=PARCEL, help="a carrier's own area, such as remote"),
    "options": flag("--option", metavar="NAME", group=PARCEL, help="an extra to buy; repeatable"),
    "direction": flag(
        "--direction", metavar="export|import", group=PARCEL, help="follows from the home market"
    ),
}
GOODS_FLAGS = {
    "value": flag("--value", metavar="MONEY", group=GOODS, help="of all goods together: 45USD"),
    "goods": flag(
        "--goods", metavar="SLUG", group=GOODS, help="what it is; `xb rates list goods` names all"
    ),
    "hs": flag(
        "--hs", metavar="CODE", group=GOODS, help="HS code, 6 to 10 digits, instead of --goods"
    ),
    "made_in": flag(
        "--origin", metavar="COUNTRY", group=GOODS, help="where the goods were made; default --from"
    ),
    "quantity": flag("--quantity", metavar="N", group=GOODS, help="pieces; default 1"),
    "units": flag(
        "--unit",
        metavar="UNIT=N",
        group=GOODS,
        help="what the goods measure, as litre=0.75 or net=0.2kg; repeatable",
    ),
    "parts": flag(
        "--part",
        metavar="NAME=AMOUNT",
        group=GOODS,
        help="value of a part, as battery=1.50; repeatable",
    ),
    "traits": flag(
        "--trait", metavar="NAME", group=GOODS, help="such as battery or liquid; repeatable"
    ),
    "claims": flag(
        "--claim",
        metavar="NAME",
        group=GOODS,
        help="what you claim at the border, such as USMCA or exclusion-9903.88.69; repeatable",
    ),
    "preference": switch(
        "--preference",
        group=GOODS,
        help="claim the trade agreement that the goods' origin has, its proof at hand",
    ),
    "items": flag(
        "--item",
        metavar="ITEM",
        group=GOODS,
        help="one of several kinds: 'goods=SLUG, hs=CODE, qty=2, value=9.90USD, origin=VN, "
        "litre=0.75, net=0.2kg, trait=battery, claim=USMCA'; value and measures are of the whole "
        "line; repeatable",
    ),
}
SALE_FLAGS = {
    "on": flag(
        "--on",
        metavar="DAY",
        group=SALE,
        env="XB_ON",
        help="day of the order, such as 2026-03-01; default today",
    ),
    "incoterm": flag(
        "--incoterm",
        metavar="DDP|DAP",
        group=SALE,
        env="XB_INCOTERM",
        help="who pays duty and tax; default: each service's own",
    ),
    "buyer": flag(
        "--buyer", metavar="consumer|business|private", group=SALE, help="default consumer"
    ),
    "seller": flag(
        "--seller",
        metavar="registered",
        group=SALE,
        help="registered: reclaims import tax on bulk entries",
    ),
    "scheme": flag(
        "--scheme",
        metavar="NAME|none",
        group=SALE,
        help="tax scheme at checkout; default: the market's usual one",
    ),
    "platform": flag(
        "--platform",
        metavar="NAME",
        group=SALE,
        help="marketplace of the sale",
    ),
    "insurance": flag("--insurance", metavar="MONEY", group=SALE, help="paid for the parcel"),
    "used_this_year": flag(
        "--used-this-year",
        "--annual-used",
        metavar="MONEY",
        group=SALE,
        help="of the buyer's yearly limit, before this order",
    ),
    "used_this_half_year": flag(
        "--used-this-half-year", metavar="MONEY", group=SALE, help="likewise of a half-yearly limit"
    ),
    "declared_this_day": flag(
        "--declared-this-day",
        metavar="MONEY",
        group=SALE,
        help="declared for the buyer today already",
    ),
    "parcels_this_year": flag(
        "--parcels-this-year",
        metavar="N",
        group=SALE,
        help="that the buyer has had this year before this one, where a market counts them",
    ),
    "parcels_this_half_year": flag(
        "--parcels-this-half-year", metavar="N", group=SALE, help="likewise this half-year"
    ),
}
SELLING_FLAGS = {
    "category": flag(
        "--category",
        metavar="NAME",
        group=SELLING,
        help="of the goods, as the marketplace calls it; default: by HS",
    ),
    "payment": flag(
        "--payment",
        metavar="NAME",
        group=SELLING,
        help="how the buyer pays you, such as paypal: its fees are added",
    ),
    "price": flag(
        "--price",
        metavar="MONEY",
        group=SELLING,
        help="what the buyer pays for the goods, without tax added at checkout",
    ),
    "price_with_tax": switch(
        "--price-with-tax", group=SELLING, help="the tax collected at checkout is in the price"
    ),
    "shipping": flag(
        "--shipping", metavar="MONEY", group=SELLING, help="what the buyer pays you for delivery"
    ),
    "cogs": flag(
        "--cogs",
        metavar="MONEY",
        group=SELLING,
        help="what the goods of the order cost you; default: --purchase-price",
    ),
}
KNOWN_FLAGS = {
    "assume": flag(
        "--assume",
        metavar="NAME=RATE",
        group=KNOWN,
        help="fill a gap: 9610-air=28CNY/kg; repeatable",
    ),
    "overrides": flag(
        "--set",
        metavar="CODE=RATE",
        group=KNOWN,
        help="a charge's or programme's rate, instead of the table's: mfn=12%; repeatable",
    ),
    "fx": flag(
        "--fx",
        metavar="A/B=RATE",
        group=KNOWN,
        help="your exchange rate, one A is RATE of B: USD/GBP=0.79; repeatable",
    ),
    "fees": flag("--fee", metavar="[CODE=]MONEY", group=KNOWN, help="a fee on top; repeatable"),
}
WAREHOUSE_FLAGS = {
    "lot": flag("--lot", metavar="N", group=WAREHOUSE, help="pieces in one bulk shipment"),
    "storage_days": flag(
        "--storage-days", metavar="N", group=WAREHOUSE, help="days from shelf to sale"
    ),
    "transfer_value": flag(
        "--transfer-value", metavar="MONEY", group=WAREHOUSE, help="declared on bulk entry, a piece"
    ),
    "purchase_price": flag(
        "--purchase-price",
        metavar="MONEY",
        group=WAREHOUSE,
        help="what the goods cost you, without tax",
    ),
    "refund": switch(
        "--refund",
        group=WAREHOUSE,
        help="you reclaim the tax in the purchase price on export, where the market refunds it",
    ),
    "return_rate": flag(
        "--return-rate",
        "--returns",
        metavar="SHARE",
        group=WAREHOUSE,
        help="orders that come back: 5%",
    ),
    "dispute_rate": flag(
        "--dispute-rate", metavar="SHARE", group=WAREHOUSE, help="payments disputed: 0.4%"
    ),
    "air_share": flag(
        "--air-share",
        metavar="SHARE",
        group=WAREHOUSE,
        help="share of air freight that customs counts",
    ),
}
SHIPMENT = {
    **PARCEL_FLAGS,
    **GOODS_FLAGS,
    **SALE_FLAGS,
    **SELLING_FLAGS,
    **KNOWN_FLAGS,
    **WAREHOUSE_FLAGS,
}

CLEARANCE = {  # what `xb duty` needs of it
    **LANE,
    "weight": PARCEL_FLAGS["weight"],
    "region": PARCEL_FLAGS["region"],
    "area": PARCEL_FLAGS["area"],
    "postcode": PARCEL_FLAGS["postcode"],
    "options": PARCEL_FLAGS["options"],
    "direction": PARCEL_FLAGS["direction"],
    **GOODS_FLAGS,
    **SALE_FLAGS,
    **KNOWN_FLAGS,
    "transfer_value": WAREHOUSE_FLAGS["transfer_value"],
    "air_share": WAREHOUSE_FLAGS["air_share"],
    "freight": flag(
        "--freight", metavar="MONEY", group=SALE, help="what transport to the buyer costs"
    ),
}

RANK = {
    "currency": flag(
        "--currency",
        metavar="CODE",
        group=RANKING,
        env="XB_CURRENCY",
        help="of the answer; default: of the value",
    ),
    "by": flag(
        "--by",
        metavar="cost|speed|value|margin",
        group=RANKING,
        env="XB_BY",
        help="what ranks; value: cost plus --day-value a day; margin: what is left of the price;"
        " default cost",
    ),
    "day_value": flag(
        "--day-value",
        metavar="MONEY",
        group=RANKING,
        env="XB_DAY_VALUE",
        help="what a day in transit costs you: 2USD",
    ),
    "modes": flag("--mode", metavar="MODE", group=RANKING, help="only this mode; repeatable"),
    "services": flag(
        "--service", metavar="ID", group=RANKING, help="only this service; repeatable"
    ),
    "channels": flag(
        "--channel", metavar="NAME", group=RANKING, help="only this clearance channel; repeatable"
    ),
    "top": flag("--top", metavar="N", group=RANKING, env="XB_TOP", help="show the best N"),
    "all": switch("--all", group=RANKING, help="show every option and everything excluded"),
    "why": switch("--why", group=RANKING, help="show every charge line, assumption and exclusion"),
}
OUTPUT = {
    "format": flag(
        "--format",
        metavar="table|csv|json|jsonl",
        env="XB_FORMAT",
        help="default: table on a terminal, csv in a pipe",
    ),
    "fields": flag(
        "--fields", metavar="A,B", help="columns and their order, for table, csv and jsonl"
    ),
}
TABLES = {
    "rates": flag(
        "--rates",
        metavar="DIR",
        help="tables laid over the bundled ones, later wins; repeatable  [env var: XB_RATES]",
    ),
    "no_bundled": switch("--no-bundled", help="price from your own folders alone"),
    "quiet": switch("--quiet", "-q", help="errors only"),
    "verbose": switch("--verbose", "-v", help="say what was loaded and how long it took"),
    "no_color": switch("--no-color", help="no colour  [env var: NO_COLOR]"),
}

SHIPMENT_GROUP = (Stated, SHIPMENT)
CLEARANCE_GROUP = (Stated, CLEARANCE)
RANK_GROUP = (RankingFlags, RANK)
OUTPUT_GROUP = (OutputFlags, OUTPUT)
TABLES_GROUP = (TableFlags, TABLES)
