"""What `xb duties show` and `xb duties history` are asked: an article, a market, a usual entry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.adapters.stated import Stated
from xborder_cli.cli.flags import flag
from xborder_cli.cli.options import (
    GOODS,
    GOODS_FLAGS,
    KNOWN_FLAGS,
    LANE,
    PARCEL,
    PARCEL_FLAGS,
    SALE,
    SALE_FLAGS,
)
from xborder_cli.duties.usual import BUYER, QUANTITY, VALUE, usual_value

if TYPE_CHECKING:
    from xborder_cli.cli.session import Session
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.tables.compile import Compiled

# what the flags below say of their defaults is what shipment_of takes
ORIGIN = flag(
    "--from",
    metavar="COUNTRY",
    group=PARCEL,
    env="XB_FROM",
    help="where it leaves; default the home market",
)
WORTH = flag(
    "--value", metavar="MONEY", group=GOODS, help=f"of all goods together; default {VALUE}"
)
PIECES = flag(
    "--quantity", metavar="N", group=GOODS, help=f"pieces; default {QUANTITY}, beside --value 1"
)
WHO = flag(
    "--buyer",
    metavar="consumer|business|private",
    group=SALE,
    help=f"who imports; default {BUYER}",
)
ENTRY_GROUP = (
    Stated,
    {
        **LANE,
        "origin": ORIGIN,
        "made_in": GOODS_FLAGS["made_in"],
        "value": WORTH,
        "quantity": PIECES,
        **{name: GOODS_FLAGS[name] for name in ("units", "parts")},
        **{name: GOODS_FLAGS[name] for name in ("claims", "preference", "traits")},
        "buyer": WHO,
        "scheme": SALE_FLAGS["scheme"],
        "region": PARCEL_FLAGS["region"],
        "options": PARCEL_FLAGS["options"],
        **{name: KNOWN_FLAGS[name] for name in ("assume", "overrides", "fx")},
    },
)


def shipment_of(
    session: Session, book: Compiled, stated: Stated, article: str, day: int
) -> tuple[Shipment, tuple[str, ...]]:
    """Return the shipment of an article, and what was taken for it because nobody said.

    Args:
        session: with the settings.
        book: the tables.
        stated: what the flags said.
        article: HS code or slug.
        day: of the entry.

    Raises:
        UsageError: with every problem found.
    """
    from xborder_cli.adapters.shipments import read_shipment
    from xborder_cli.cli.goods_named import judge_slug
    from xborder_cli.cli.session import names_of
    from xborder_cli.goods.find import hs_of

    code = hs_of(article)
    if not code:
        judge_slug(book, article, "HS|SLUG", "; digits are an HS code")
    stated = replace(stated, hs=code, goods="" if code else article)
    told = []
    worth = usual_value(book, names_of(book).country(stated.destination))
    # a value without pieces is one piece: only with both left out it is the usual consignment
    if not stated.value and not stated.quantity:
        told.append(f"value taken as {worth} in {QUANTITY} pieces (--value, --quantity)")
    elif not stated.value:
        told.append(f"value taken as {worth} (--value)")
    if not stated.buyer:
        told.append("buyer taken as a business (--buyer otherwise)")
    usual = Stated(
        value=worth,
        quantity="" if stated.value else QUANTITY,
        buyer=BUYER,
        origin=book.home,
        assume=session.settings.assume,
    )
    filled = stated.filled_from(usual)
    return read_shipment(filled, today=day, names=names_of(book)), tuple(told)
