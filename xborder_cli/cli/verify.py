"""`xb verify`: a quote is a document that two parties can check; this prices it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from xborder_cli.cli.flags import TableFlags, takes
from xborder_cli.cli.options import TABLES_GROUP
from xborder_cli.core.answer import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.cli.session import Session
    from xborder_cli.cli.streams import Streams
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.tables.compile import Compiled

Document = dict[str, object]
EXAMPLES = """\b
Examples:
  xb quote --from CN --to US --weight 0.46kg --value 25USD \\
    --goods t-shirt-cotton --format json > quote.json
  xb verify quote.json
  ssh partner cat quote.json | xb verify -
"""
ADDED = (
    "clearances",
    "at_least",
    "sale",
    "margin",
    "margin_percent",
)  # keys that documents of the same schema may lack
SHOWN = 20  # differences that a person reads


@takes(tables=TABLES_GROUP)
def verify(
    ctx: typer.Context,
    tables: TableFlags,
    *,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="a quote or duty answer in JSON; - is stdin")
    ],
) -> None:
    """Price a quote again and say whether it holds."""
    from xborder_cli.adapters.documents import shipment_of
    from xborder_cli.errors import ExitCode

    session: Session = ctx.obj
    streams = session.streams
    document = _read(file)
    schema = document.get("schema")
    if schema not in ("xb.quote/1", "xb.duty/1"):
        raise _unreadable(file, f"is no quote: its schema is {schema!r}, not xb.quote/1")
    known = session.open_tables(tables)
    try:
        request = cast("Document", document["request"])
        shipment = shipment_of(cast("Document", request["shipment"]))
        again = _again(known, shipment, document, request)
        found = differences(document, again)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(file, f"is no whole {schema}: {error}") from None
    _report(document, again, found, streams)
    if found or _no_total(again):
        session.status = ExitCode.PARTLY


def _again(known: Compiled, shipment: Shipment, document: Document, asked: Document) -> Document:
    from xborder_cli.cli.render import json
    from xborder_cli.cli.request import Request

    if document["schema"] == "xb.duty/1":
        from xborder_cli.core.pipeline import duty

        transport = str(asked.get("transport") or "")
        given = {"transport": transport} if transport else {}
        answer = duty(known, shipment, channel=str(asked.get("channel") or ""), **given)
        return json.duty_document(answer, asked, known.digits)
    quote = Request.from_document(asked).ask(known, shipment)
    return json.quote_document(quote, quote.options, asked, known.digits)


def differences(stated: Document, again: Document) -> list[str]:
    """Return what no longer holds, in words; sums that do not add up first.

    A quote may hold fewer options than there are: those it holds are judged, by mode, service,
    chain, channel and scheme.
    """
    if stated["schema"] == "xb.duty/1":
        return list(_compare("", stated, again))
    found = []
    priced = {_identity(option): option for option in _options(again)}
    for option in _options(stated):
        name = f"option {option.get('rank')} ({option.get('service')})"
        found += [f"{name}: {words}" for words in _sums(option)]
        other = priced.get(_identity(option))
        if other is None:
            found.append(f"{name}: is not offered any more")
        else:
            found += _compare(name, option, other)
    if stated.get("currency") != again["currency"]:
        found.append(f"currency: {stated.get('currency')}, now {again['currency']}")
    found += _compare("rates used", stated.get("fx"), again["fx"])
    if "clearances" in stated:  # not before there was such a key
        found += _compare("clearances", stated["clearances"], again["clearances"])
    return found


def _options(document: Document) -> list[Document]:
    options = document["options"]
    if not isinstance(options, list):
        raise TypeError("options is not a list")
    return options


def _identity(option: Mapping[str, object]) -> str:
    legs = cast("list[Mapping[str, object]]", option["legs"])
    chain = [f"{leg.get('service')}@{leg.get('site')}" for leg in legs]
    names = ("mode", "service", "channel", "incoterm", "scheme")
    return "|".join([*(str(option.get(name)) for name in names), *chain])


def _sums(option: Document) -> list[str]:
    """Return which promises of section 8 of the design an option breaks by itself."""
    from decimal import Decimal

    def number(name: str, of: Mapping[str, object] = option) -> Decimal:
        return Decimal(str(of[name]))

    total = number("total")
    charges = cast("list[Mapping[str, object]]", option["charges"])
    sums = {
        "freight + duty + tax + fees": sum(map(number, ("freight", "duty", "tax", "fees"))),
        "seller_pays + buyer_pays": number("seller_pays") + number("buyer_pays"),
        "the charges": sum(number("in_quote_currency", charge) for charge in charges),
    }
    return [
        f"{words} = {value}, but total is {total}"
        for words, value in sums.items()
        if value != total
    ]


def _compare(name: str, stated: object, again: object) -> list[str]:
    """Return the leaves that differ, by their path."""
    if isinstance(stated, dict) and isinstance(again, dict):
        found = []
        for key in again:
            if key in ADDED and key not in stated:
                continue  # written before there was such a key: it claims nothing
            if key not in ("tables", "rank", "shipment", "request"):
                path = f"{name} {key}".strip()
                found += _compare(path, stated.get(key), again[key])
        return found
    if isinstance(stated, list) and isinstance(again, list) and len(stated) == len(again):
        found = []
        for index, (one, other) in enumerate(zip(stated, again, strict=True)):
            label = one.get("code", index) if isinstance(one, dict) else index
            found += _compare(f"{name} {label}", one, other)
        return found
    if stated == again:
        return []
    if isinstance(stated, list) and isinstance(again, list):
        return [f"{name}: {len(stated)} lines, now {len(again)}"]
    return [f"{name}: {stated}, now {again}"]


def _report(stated: Document, again: Document, found: list[str], streams: Streams) -> None:
    digest = cast("Document", stated.get("tables") or {}).get("digest")
    now = cast("Document", again["tables"])["digest"]
    count = len(_options(stated)) if "options" in stated else 1
    word = "options" if count != 1 else "option"
    if found:
        streams.data(f"does not hold: {len(found)} differences in {count} {word}\n")
        for words in found[:SHOWN]:
            streams.data(f"  {words}\n")
        if len(found) > SHOWN:
            streams.data(f"  and {len(found) - SHOWN} more\n")
    elif reasons := _no_total(again):
        streams.data(
            "".join(f"has no total: {reason.removeprefix(REFUSED)}\n" for reason in reasons)
        )
    else:
        streams.data(
            f"holds: {count} {word} of {stated.get('on')}, priced again to the same cent\n"
        )
    if digest != now:
        streams.say(f"tables: written from {digest}, checked against {now}")


def _no_total(answer: Document) -> list[str]:
    """Return why a clearance has no total; nothing when it has one, or is a quote."""
    if answer.get("total", "") is not None:
        return []
    flags = map(str, cast("list[object]", answer["flags"]))
    return [flag for flag in flags if flag.startswith(REFUSED)]


def _read(file: str) -> Document:
    import json
    import sys
    from pathlib import Path

    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        document = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _unreadable(file, "is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _unreadable(file, f"is not JSON: {error.msg}", error.lineno, error.colno) from None
    if not isinstance(document, dict):
        raise _unreadable(file, "is not a JSON object")
    return document


def _unreadable(file: str, what: str, line: int = 0, column: int = 0) -> Exception:
    from xborder_cli.errors import OrderError, Problem, Where

    where = Where("stdin" if file == "-" else file, line, column)
    fix = "give the output of xb quote --format json"
    return OrderError(Problem(code="bad-quote", where=where, what=what, fix=fix))
