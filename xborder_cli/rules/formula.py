"""What a charge of a day comes to: base, rate, clamps and roundings as one line of words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Band, Bands, Charge, Dated, Limit, Lookup, Terms
from xborder_cli.core.wording import limit_text, number, terms_text
from xborder_cli.rules.words import bound, grouped, listed, measure
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.rule import BasePart, Clamp, Rate, Rounding

_GROUPS = {"hs6": "HS subheading", "hs": "HS code", "origin": "country of origin"}
_SHARE = re.compile(r"(?<=% of )\w+")
_OVER = re.compile(r"over (\d+) (?:hs6|line|item|package)\b")
SILENT = "not tabled for this day"
LOT = ", worked out on the whole lot"


def formula(charge: Charge, currency: str = "") -> str:
    """Return how an amount comes about; roundings are in the currency of the table.

    >>> from xborder_cli.tables.load import parse_charges
    >>> text = "[{code: vat, kind: tax, base: [goods, freight], rate: 19 %, min: 1 EUR}]"
    >>> formula(parse_charges(text, "EUR")[0])
    '19 % of (goods + freight), at least 1 EUR'
    >>> text = "[{code: duty, kind: duty, base: [goods], rate: 8 % + 2 EUR / kg + 50 % of fee}]"
    >>> formula(parse_charges(text, "EUR")[0])
    '8 % of goods + 2 EUR / kg + 50 % of fee'
    """
    base, rate = base_words(charge), short_rate(charge.rate)
    text = base
    if rate:
        text = _of(charge.rate, rate, _bracketed(base)) if base else rate
    if charge.rate is None and charge.joins:
        text = text or f"a part of {listed([measure(one) for one in charge.joins], 'and')}"
    if charge.scope == "group":
        text += f" for each distinct {listed([_GROUPS[one] for one in charge.group_by], 'and')}"
    elif charge.scope == "line" and charge.rate and not base and not gap_of(charge.rate):
        text += " for each item line"
    if charge.times is not None:
        text += f" x {times_words(charge.times)}"
    if charge.scope == "lot":
        text += LOT
    return readable(", ".join((text, *modifiers(charge, currency))))


def readable(text: str) -> str:
    """Return what tables write in the words of people.

    >>> readable("38.56 BRL / hs6 + -7.71 BRL / hs6 over 2 hs6")
    '38.56 BRL / HS subheading - 7.71 BRL / HS subheading over 2'
    """
    text = _SHARE.sub(lambda found: found[0].replace("_", " "), text)
    return _OVER.sub(r"over \1", text).replace("/ hs6", "/ HS subheading").replace(" + -", " - ")


def modifiers(charge: Charge, currency: str) -> Iterator[str]:
    """Yield what acts on an amount after its rate."""
    if charge.less:
        yield f"less {listed([lessened_words(one) for one in charge.less], 'and')}"
    if charge.low is not None:
        yield f"at least {clamp_words(charge.low)}"
    if charge.high is not None:
        yield f"at most {clamp_words(charge.high)}"
    yield from rounding_words(charge, currency)
    if charge.waive:
        yield f"not collected {charge.waive} {bound(charge.waive_limit)} a parcel"


def base_words(charge: Charge) -> str:
    """Return what a rate is taken of."""
    text = " + ".join(_part(part) for part in charge.base)
    if charge.base_less is not None:
        limit = _allowance(charge.base_less)
        if charge.fill_items:
            text = f"{_bracketed(text)} less whole items up to {limit}, dearest first"
        else:
            text = f"the part of {_bracketed(text)} above {limit}"
    if charge.gross:
        code = measure(charge.gross_code)
        how = "so raised that it holds" if charge.gross == "up" else "without the"
        tail = " itself" if charge.gross == "up" and charge.gross_code == charge.code else ""
        text = f"({text}, {how} {code}{tail})"
    return text


def rate_words(rate: Rate | None) -> str:
    """Return a rate: as it stands, as bands, or where it is looked up."""
    if isinstance(rate, Lookup):
        return lookup_words(rate)
    if isinstance(rate, Bands):
        return _bands(rate)
    if isinstance(rate, Dated):
        return dated_words(rate)
    return ""


def dated_words(rate: Dated) -> str:
    """Return the rate of a day."""
    if not rate.spans:
        return SILENT
    span = rate.spans[-1]
    if isinstance(span.value, Terms):
        return terms_words(span.value)
    if span.expected:
        return f"announced from {day_text(span.since)}, not yet known"
    return f"none since {day_text(span.since)}"


def terms_words(terms: Terms) -> str:
    """Return terms as tables write them; what no public figure tells says what it wants."""
    wanted = [term for term in terms.parts if term.user]
    if wanted:
        unit = terms_text(Terms((wanted[0],))).removeprefix(f"user {wanted[0].user}").strip()
        unit = unit or "%"
        words = f"{terms.words}; " if terms.words else ""
        return f"not known ({words}--assume {wanted[0].user}=..., in {unit})"
    if terms.words:
        return f"not known ({terms.words})"
    return grouped(terms_text(terms))


def short_rate(rate: Rate | None) -> str:
    """Return a rate; of one that the user is asked for the name alone."""
    gap = gap_of(rate)
    return f"{gap} (not known)" if gap else rate_words(rate)


def gap_words(rate: Rate | None) -> str:
    """Return what a figure that is wanted from the user is, and its unit."""
    value = rate.spans[-1].value if isinstance(rate, Dated) and rate.spans else None
    if not isinstance(value, Terms):
        return ""
    (term,) = [term for term in value.parts if term.user][:1]
    unit = terms_text(Terms((term,))).removeprefix(f"user {term.user}").strip() or "%"
    return f"in {unit}: {value.words}" if value.words else f"in {unit}"


def gap_of(rate: Rate | None) -> str:
    """Return the name of the figure that a rate of a day wants from the user, "" for none."""
    if isinstance(rate, Dated) and rate.spans:
        value = rate.spans[-1].value
        if isinstance(value, Terms):
            return next((term.user for term in value.parts if term.user), "")
    return ""


def rate_known(rate: Rate | None) -> bool:
    """Tell whether a rate of a day is a figure, or looked up among figures."""
    if not isinstance(rate, Dated):
        return True
    value = rate.spans[-1].value if rate.spans else None
    return isinstance(value, Terms) and not value.words and not gap_of(rate)


def lookup_words(lookup: Lookup) -> str:
    """Return where a rate is looked up.

    >>> lookup_words(Lookup(least=(Lookup("mfn"), Lookup("preference"))))
    'lower of the mfn and preference rates'
    >>> lookup_words(Lookup(pick=(Lookup("provisional"), Lookup("mfn"))))
    'provisional rate, else mfn rate,'
    """
    if lookup.programme:
        by = f" by {listed(lookup.by, 'and')}" if lookup.by else ""
        return f"{lookup.programme} rate{by}"
    if lookup.least:
        inner = [lookup_words(one) for one in lookup.least]
        if all(one.endswith(" rate") for one in inner):
            names = listed([one.removesuffix(" rate") for one in inner], "and")
            return f"lower of the {names} rates"
        return f"lower of {listed(inner, 'and')}"
    return f"{', else '.join(lookup_words(one) for one in lookup.pick)},"


def programmes_of(rate: Rate | None) -> tuple[str, ...]:
    """Return the programmes that a rate is looked up in, in order."""
    if not isinstance(rate, Lookup):
        return ()
    inner = [name for one in (*rate.pick, *rate.least) for name in programmes_of(one)]
    return tuple(dict.fromkeys([rate.programme, *inner] if rate.programme else inner))


def clamp_words(clamp: Clamp) -> str:
    """Return a minimum or maximum of a day."""
    return dated_words(clamp) if isinstance(clamp, Dated) else SILENT


def times_words(times: Dated) -> str:
    """Return the factor of a day: a number, or the name of a ratio."""
    if not times.spans:
        return SILENT
    value = times.spans[-1].value
    if isinstance(value, tuple):
        return number(value)
    return measure(value) if isinstance(value, str) else SILENT


def rounding_words(charge: Charge, currency: str) -> Iterator[str]:
    """Yield the roundings that are not the usual one."""
    for rounding, what in (
        (charge.round_base, "base"),
        (charge.round_each, "each line" if charge.scope == "line" else ""),
        (charge.round_onward, "in later bases"),
        (charge.round_total, "sum"),
    ):
        if rounding is not None:
            yield f"{what} {_rounding(rounding, currency)}".strip()


def _rounding(rounding: Rounding, currency: str) -> str:
    if rounding.how == "exact":
        return "kept exact"
    step = f"{number(rounding.step)} {currency}" if rounding.step[0] else "the minor unit"
    return f"rounded {rounding.how} to {step}".strip()


def _part(part: BasePart) -> str:
    name = measure(part.name)
    return name if part.factor == (1, 1) else f"{number(part.factor)} x {name}"


def lessened_words(one: Dated | str) -> str:
    """Return what is taken off an amount: money of the day, or what another charge comes to."""
    return measure(one) if isinstance(one, str) else bound(one)


def _allowance(amount: Dated) -> str:
    """Return an allowance of a day: money, or the name of an amount."""
    value = amount.spans[-1].value if amount.spans else None
    return measure(value.name) if isinstance(value, Limit) and value.name else bound(amount)


def _bracketed(base: str) -> str:
    plain = " + " not in base and " less " not in base and not base.startswith("the part")
    return base if plain or base.startswith("(") else f"({base})"


def _of(rate: Rate | None, words: str, base: str) -> str:
    """Return a rate with what it is taken of: a percent of the base, what is counted apart."""
    if isinstance(rate, Bands):
        return words
    value = rate.spans[-1].value if isinstance(rate, Dated) and rate.spans else None
    if not isinstance(value, Terms) or gap_of(rate):
        return f"{words}{' of ' if rate_known(rate) or gap_of(rate) else '; of '}{base}"
    if value.words:
        return f"{words}; of {base}"
    shares = [term for term in value.parts if not term.currency and term.of in ("", "base")]
    others = [term for term in value.parts if term not in shares]
    if not shares:
        return words
    of_base = f"{terms_words(Terms(tuple(shares)))} of {base}"
    rest = Terms(tuple(others), value.low, value.high)
    if not others:
        clamped = terms_words(replace(rest, parts=tuple(shares)))
        return of_base + clamped.removeprefix(terms_words(Terms(tuple(shares))))
    return f"{of_base} + {terms_words(rest)}"


def _bands(bands: Bands) -> str:
    """Return bands as a list of limits and rates."""
    how = {"portion": ", each on the part inside it", "deficit": ", never above a heavier band"}
    keyed = [
        f"{key.replace('|', ' ')}: {_row(bands, row)}" if key else _row(bands, row)
        for key, row in bands.rows.items()
    ]
    by = f"by {measure(bands.by)}: " if bands.by else ""
    return f"{by}{'; '.join(keyed)}{how.get(bands.kind, '')}"


def _row(bands: Bands, row: Sequence[Band]) -> str:
    words = []
    for band in row:
        rate = terms_words(band.terms)
        if band.limit is None:
            words.append(f"above {rate}" if len(row) > 1 else rate)
        else:
            word = "up to" if bands.ends == "up_to" else "from"
            words.append(f"{word} {grouped(limit_text(band.limit))} {rate}")
    return ", ".join(words)
