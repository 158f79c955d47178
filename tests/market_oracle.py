"""The bundled markets as the oracle reads them: raw YAML of one day, rows found one by one.

Like the oracle it takes nothing from xborder_cli; what tables leave open is worth 0, a lower bound.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.oracle import KINDS
from tests.oracle_text import comparison, holds, money

GAP = "0 %"  # what nobody knows is worth nothing here
RATES = Path(__file__).parents[1] / "rates"
DAYS = re.compile(r"\d{4}-\d\d-\d\d")
Mapping = dict[str, Any]


# -- a market on a day --------------------------------------------------------------------------


@cache
def raw_market(market: str) -> Mapping:
    """A market with its union's part under its own."""
    own = _document(RATES / "markets" / f"{market}.yaml")
    if "extends" not in own:
        return own
    union = raw_market(own["extends"])
    merged = {**union, **own}
    for name in ("values", "lookups"):
        merged[name] = {**union.get(name, {}), **own.get(name, {})}
    for event in ("entry", "sale"):
        step, more = union.get(event, {}), own.get(event, {})
        merged[event] = {
            **step,
            **more,
            "charges": _laid(step.get("charges", []), more.get("charges", []), "code"),
            "regimes": _laid(step.get("regimes", []), more.get("regimes", []), "id"),
        }
    return merged


def _laid(under: list[Mapping], over: list[Mapping], key: str) -> list[Mapping]:
    mine = {one[key]: one for one in over}
    kept = [mine.pop(one[key], one) for one in under]
    return [one for one in [*kept, *mine.values()] if one.get("drop") != "true"]


def entry_on(market: str, day: str) -> Mapping:
    """The entry charges and regimes in force on a day, in the oracle's words."""
    raw = raw_market(market)
    values = {name: _on(value, day) for name, value in raw.get("values", {}).items()}
    entry = raw["entry"]
    regimes = [
        {**regime, "charges": _charges(regime.get("charges", []), values, day)}
        if "refuse" not in regime
        else regime
        for regime in entry.get("regimes", [])
        if _lives(regime, day)
    ]
    every = [
        *entry.get("charges", []),
        *(c for r in entry.get("regimes", []) for c in r.get("charges", [])),
    ]
    return {
        "codes": {charge["code"] for charge in every},
        "select": entry.get("select", "first"),
        "charges": _charges(entry.get("charges", []), values, day),
        "regimes": [_filled(regime, values, day) for regime in regimes],
    }


def _charges(charges: list[Mapping], values: Mapping, day: str) -> list[Mapping]:
    alive = [_charge(_filled(one, values, day)) for one in charges if _lives(one, day)]
    return [one for one in alive if one.get("rate") != "ended"]


def _charge(charge: Mapping) -> Mapping:
    """A charge without what only people read; a code named like a sum gives way to the sum."""
    found = {k: v for k, v in charge.items() if k not in ("name", "source", "confidence")}
    if found["code"] in KINDS:
        found["code"] += "_itself"
    rate = found.get("rate")
    if isinstance(rate, dict) and "user" in rate:
        found["rate"] = "0 %"
    if isinstance(rate, dict) and "grid" in rate:
        head, *rows = [re.split(r"\s{2,}", line.strip()) for line in rate["grid"].splitlines()]
        unit = head[0].partition("_to_")[2].replace("/", " / ")
        found["rate"] = {
            **rate,
            "rows": [[e if e == "open" else f"{e} {unit}", f"{r} {head[1]}"] for e, r in rows],
        }
    return found


def _lives(one: Mapping, day: str) -> bool:
    return one.get("from", "0") <= day <= one.get("until", "9")


def _filled(value: Any, values: Mapping, day: str) -> Any:
    """A value of the day, every $name in its place."""
    if isinstance(value, dict):
        if value and all(DAYS.fullmatch(key) for key in value):
            return _filled(_on(value, day), values, day)
        return {key: _filled(one, values, day) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values, day) for one in value]
    if isinstance(value, str) and "$" in value:
        return re.sub(r"\$(\w+)", lambda found: values[found[1]], value)
    return value


def _on(value: Any, day: str) -> Any:
    if not isinstance(value, dict):
        return value
    since = max((key for key in value if key <= day), default=None)
    if since is None:
        return None
    text = value[since]
    if isinstance(text, dict):
        return text.get("value", GAP)
    return GAP if text == "expected" else text


# -- programmes ---------------------------------------------------------------------------------


def rates_of(market: str, day: str, line: Mapping) -> dict[str, str]:
    """What every programme that a market can read says of an item line; `words` is a gap."""
    raw = raw_market(market)
    found: dict[str, str] = {}
    for name, (rows, default) in _programmes(market, raw.get("tariff", market)).items():
        row = _row(rows, day, line)
        least = _least_below(rows, day, line, row, default)
        if least is not None:
            # the core charges the least that a longer code could pay, and says that it is a gap
            if least:
                found[name] = least
        elif row is None:
            if default == "gap":
                found[name] = "words"
        elif not row["rate"].startswith("words:"):
            found[name] = row["rate"]
        elif name != "preference":  # one known only in words gives way to the tariff
            found[name] = "words"
    return found


@cache
def _programmes(market: str, tariff: str) -> dict[str, tuple[list[Mapping], str]]:
    found: dict[str, tuple[list[Mapping], str]] = {}
    for path in sorted((RATES / "duties" / tariff.lower()).glob("*.yaml")):
        for one in yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader):
            rows, _ = found.get(one["id"], ([], ""))
            found[one["id"]] = ([*rows, *_grid(one["rows"])], one.get("default", "zero"))
    for name, one in raw_market(market).get("lookups", {}).items():
        text, default = (
            (one, "zero") if isinstance(one, str) else (one["rows"], one.get("default", "zero"))
        )
        found[name] = (_grid(text), default)
    return found


def _grid(text: str) -> list[Mapping]:
    head: list[str] = []
    rows = []
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        bare = re.split(r"\s{2,}#|\s#\s", bare)[0]
        cells = [cell.strip('"') for cell in re.split(r"\s{2,}", bare.strip())]
        if not head:
            head = cells
        else:
            rows.append(dict(zip(head, (c if c != "-" else "" for c in cells), strict=False)))
    return rows


def _row(rows: list[Mapping], day: str, line: Mapping) -> Mapping | None:
    """Longest prefix, then a named origin over a blank one, then the latest first day."""
    fit = [
        row
        for row in rows
        if (row["hs"] == "*" or line["hs"].startswith(row["hs"]))
        and (not row.get("origin") or line["origin"] in _origins(row["origin"]))
        and (row.get("from") or "0") <= day <= (row.get("until") or "9")
        and (not row.get("region") or row["region"] == line.get("region"))
        and (not row.get("when") or _holds(yaml.load(row["when"], yaml.BaseLoader), line))
    ]
    return max(
        fit,
        key=lambda row: (
            0 if row["hs"] == "*" else len(row["hs"]),
            bool(row.get("origin")),
            row.get("from") or "0",
            bool(row.get("when")),
        ),
        default=None,
    )


def _least_below(
    rows: list[Mapping], day: str, line: Mapping, row: Mapping | None, default: str
) -> str | None:
    """The least that goods of a longer code could pay, "" for nothing; None: the code decides."""
    own = row is not None and row["hs"] == line["hs"]
    if own or (row or {}).get("when") or (row is None and default == "gap"):
        return None
    longer = {one["hs"] for one in rows if len(one["hs"]) > len(line["hs"])}
    below = sorted(code for code in longer if code.startswith(line["hs"]))
    # of the conditions of a row only a claim that is not made rules it out: goods may be any
    open_ = [
        {**one, "when": ""} if "claim" not in one.get("when", "") else one
        for one in rows
        if one["hs"] in below
    ]
    ways = [_row(open_, day, {**line, "hs": code}) for code in below]
    rates = [one["rate"] for one in [row, *ways] if one is not None]
    if row is None:
        rates.append("0 %")
    if len({"0 %" if rate.startswith("0 ") else rate for rate in rates}) < 2:
        return None
    shares = [Fraction(rate.removesuffix(" %")) if rate.endswith(" %") else None for rate in rates]
    if row is None or None in shares:
        return ""
    return min(rates, key=lambda rate: Fraction(rate.removesuffix(" %")))


@cache
def _origins(cell: str) -> set[str]:
    found = set(cell.split())
    return found | {country for country, union in unions().items() if union in found}


@cache
def unions() -> dict[str, str]:
    """Country -> its union, as the table of countries has them."""
    rows = _grid(_table("countries")["countries"])
    return {row["code"]: row["union"] for row in rows if row.get("union")}


@cache
def currency_digits() -> dict[str, str]:
    """Currency -> digits of its minor unit."""
    return {row["code"]: row["digits"] for row in _grid(_table("currencies")["currencies"])}


def _table(kind: str) -> Mapping:
    for path in RATES.glob("*.yaml"):
        for one in yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader):
            if one and one.get("kind") == kind:
                return dict(one)
    raise AssertionError(f"no table of {kind}")


def _holds(tests: Mapping, line: Mapping) -> bool:
    return all(_test(name, value, line) for name, value in tests.items())


def _test(name: str, value: Any, line: Mapping) -> bool:
    if name == "any":
        return any(_holds(group, line) for group in value)
    if name == "claim":
        return line.get("claim") == value
    if name == "trait":
        return line.get("trait", "") in ([value] if isinstance(value, str) else value)
    if name == "goods":
        return False  # lines are given by HS alone
    assert name == "unit_value", name
    for text in [value] if isinstance(value, str) else value:
        how, bound = comparison(text) or ("", None)
        assert bound is not None, text
        have = money(line["goods"])
        count = {"": Fraction(line.get("qty", "1")), "g": _grams(line), "kg": _grams(line) / 1000}
        if bound.per in ("ml", "litre"):
            if "litre" not in line:
                return False
            of = Fraction(line["litre"].split()[0]) * (1000 if bound.per == "ml" else 1)
        else:
            of = count[bound.per]
        if not of or have.currency != bound.unit or not holds(have.amount, how, bound.amount * of):
            return False
    return True


def _grams(line: Mapping) -> Fraction:
    return Fraction(line["net_kg"].split()[0]) * 1000 if "net_kg" in line else Fraction(0)


@cache
def _document(path: Path) -> Mapping:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
