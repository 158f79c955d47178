"""What the UK tariff's API answers: commodities with their measures, and groups of countries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from xborder_cli.tariffs.taric_measures import ROWS, Measure, goods_code
from xborder_cli.tariffs.taric_sheet import first_bytes, unreadable, whole_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xborder_cli.tariffs.line import Tariff
    from xborder_cli.tariffs.taric_areas import Areas
    from xborder_cli.tariffs.taric_measures import Reading

URL: Final = "https://www.trade-tariff.service.gov.uk/api/v2/commodities/"
AREA: Final = "geographical_area"
GOODS: Final = ("commodity", "heading", "subheading", "chapter")
_OURS: Final = "uk"  # the source that says: these are the UK's own measures
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"

Thing = dict[str, Any]


def is_json(path: Path) -> bool:
    """Tell whether a file begins as JSON does."""
    return first_bytes(path, 64).lstrip(_BLANK)[:1] in (b"{", b"[")


def read_json(path: Path, tariff: Tariff, reading: Reading) -> None:
    """Add the measures of commodities, or the members of areas, to what has been read.

    Raises:
        OrderError: the file is no such answer, or its measures are not the UK's.
    """
    try:
        found = json.loads(whole_text(path))
    except ValueError as fault:
        line = getattr(fault, "lineno", 0)
        raise unreadable(path, f"is no JSON: {fault}", line=line) from None
    answers = found if isinstance(found, list) else [found]
    for answer in answers:
        if not isinstance(answer, dict) or "data" not in answer:
            fix = "save what .../api/v2/commodities/CODE or .../api/v2/geographical_areas answers"
            raise unreadable(path, "has no data of the UK tariff's API", fix)
        things = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
        included = [one for one in answer.get("included") or () if isinstance(one, dict)]
        count = _areas([*things, *included], reading.areas)
        for thing in things:
            if thing.get("type") in GOODS:
                _source(path, thing)
                reading.take(_measures(thing, included))
                _describe(thing, tariff)
            elif thing.get("type") != AREA:
                raise unreadable(path, f'tells of a "{thing.get("type")}", which is not read')
        if things and things[0].get("type") == AREA:
            tariff.notes.append(f"{path.name}: the members of {count} areas")


def _source(path: Path, thing: Thing) -> None:
    """Refuse measures of another tariff, which the same API serves for Northern Ireland."""
    meta = (thing.get("meta") or {}).get("duty_calculator") or {}
    source = meta.get("source", _OURS)
    if source != _OURS:
        fix = "take it without /xi/, or read the EU's own sheets"
        raise unreadable(path, f'has measures of "{source}", not of the UK', fix)


def _areas(things: list[Thing], areas: Areas) -> int:
    count = 0
    for thing in things:
        if thing.get("type") != AREA:
            continue
        members = _related(thing, "children_geographical_areas")
        if members and thing["id"] not in areas.every:
            count += 1
            areas.add(str(thing["id"]), members)
    return count


def _measures(goods: Thing, included: list[Thing]) -> Iterator[Measure]:
    by_id = {(one.get("type"), str(one.get("id"))): one for one in included}
    code = str(goods.get("attributes", {}).get("goods_nomenclature_item_id", ""))
    wanted = set(_related(goods, "import_measures"))
    for number, thing in enumerate(included, start=1):
        if thing.get("type") != "measure" or (wanted and str(thing.get("id")) not in wanted):
            continue
        facts = thing.get("attributes") or {}
        extra = by_id.get(("additional_code", _one(thing, "additional_code")), {})
        duty = by_id.get(("duty_expression", _one(thing, "duty_expression")), {})
        yield Measure(
            row=number,
            code=str(facts.get("goods_nomenclature_item_id") or code),
            type=_one(thing, "measure_type"),
            area=_one(thing, AREA),
            duty=str((duty.get("attributes") or {}).get("base") or ""),
            since=str(facts.get("effective_start_date") or ""),
            until=str(facts.get("effective_end_date") or ""),
            excluded=tuple(_related(thing, "excluded_countries")),
            additional=str((extra.get("attributes") or {}).get("code") or ""),
            additional_words=str((extra.get("attributes") or {}).get("description") or ""),
            order=_one(thing, "order_number"),
        )


def _describe(goods: Thing, tariff: Tariff) -> None:
    facts = goods.get("attributes") or {}
    hs, fault = goods_code(str(facts.get("goods_nomenclature_item_id", "")))
    words = str(facts.get("description_plain") or facts.get("description") or "")
    if not fault and words:
        tariff.words[hs] = words
    tariff.url = URL
    tariff.forms.setdefault(ROWS, {})


def _related(thing: Thing, name: str) -> list[str]:
    data = ((thing.get("relationships") or {}).get(name) or {}).get("data") or []
    return [str(one.get("id")) for one in (data if isinstance(data, list) else [data])]


def _one(thing: Thing, name: str) -> str:
    return next(iter(_related(thing, name)), "")
