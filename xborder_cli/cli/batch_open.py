"""The inputs of `xb batch` opened, and their headings understood."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from xborder_cli.cli import batch_flags
from xborder_cli.errors import OrderError, Problem, UsageError, Where

if TYPE_CHECKING:
    from contextlib import ExitStack

    import typer

    from xborder_cli.batch.catalogue import Catalogue
    from xborder_cli.batch.presets import Preset
    from xborder_cli.batch.run import Input
    from xborder_cli.cli.batch import ReadFlags
    from xborder_cli.cli.batch_run import Asked
    from xborder_cli.cli.session import Session
    from xborder_cli.tables.compile import Compiled


def preset_of(reading: ReadFlags) -> Preset | None:
    """Return the preset that is named, None when none is.

    Raises:
        UsageError: there is no such preset.
    """
    import difflib

    from xborder_cli.batch.presets import presets

    if not reading.preset:
        return None
    known = {name: one for name, one in presets().items() if one.kind == "orders"}
    found = known.get(reading.preset)
    if found is None:
        near = difflib.get_close_matches(reading.preset, known, 1)
        fix = f"did you mean {near[0]}? " if near else ""
        what = f'no preset "{reading.preset}"'
        fix += f"known are {', '.join(known)}"
        where = Where("--preset")
        raise UsageError(Problem(code="unknown-preset", where=where, what=what, fix=fix))
    return found


def paths_of(ctx: typer.Context, files: tuple[str, ...]) -> list[str]:
    """Return the inputs, stdin when none is named and it is no terminal."""
    from xborder_cli.batch.source import expand

    if not files and sys.stdin.isatty():
        sys.stderr.write(ctx.get_help() + "\n")
        raise UsageError(Problem(code="no-file", what="no file of orders", fix="name one, or -"))
    paths = expand([one or "-" for one in files] or ["-"])
    if paths.count("-") > 1:
        raise UsageError(Problem(code="same-file", where=Where("FILE"), what="- is given twice"))
    return paths


def catalogue_of(reading: ReadFlags, tables: Compiled, session: Session) -> Catalogue | None:
    """Return the products of a catalogue, None when none is named."""
    if not reading.catalog:
        return None
    from xborder_cli.batch.catalogue import read_catalogue
    from xborder_cli.batch.understand import names_of

    found = read_catalogue(reading.catalog, names_of(tables))
    for remark in found.remarks:
        session.streams.say(remark)
    return found


def inputs_of(
    paths: list[str],
    asked: Asked,
    tables: Compiled,
    mapped: dict[str, str],
    preset: Preset | None,
    catalogue: Catalogue | None,
    stack: ExitStack,
    session: Session,
) -> list[Input]:
    """Open every input and understand its headings; what is wrong with any is told together."""
    from xborder_cli.batch.heading_names import named
    from xborder_cli.batch.headings import meanings_of, require, sniffed_by
    from xborder_cli.batch.presets import fitting
    from xborder_cli.batch.run import Input
    from xborder_cli.batch.source import open_source

    reading, found = asked.reading, []
    problems: list[Problem] = []
    for path in paths:
        try:
            source = stack.enter_context(
                open_source(
                    path,
                    known=sniffed_by(mapped, preset),
                    format=reading.input_format,
                    encoding=reading.encoding,
                    delimiter=batch_flags.delimiter_of(reading.delimiter),
                    stdin=sys.stdin.buffer if path == "-" else None,
                )
            )
            meanings = meanings_of(
                source.headings,
                source.path,
                mapped=mapped,
                preset=preset,
                currencies=tables.digits,
                catalogued=catalogue is not None,
            )
            fits = fitting(source.headings) if preset is None else None
            if fits is not None:
                session.streams.say(f"{source.path} looks like {fits.title}: --preset {fits.name}")
            if not asked.running.check:
                require(meanings, source.path, asked.shipment)
        except OrderError as error:
            problems += error.problems
            continue
        for remark in (*source.remarks, *meanings.remarks):
            session.streams.say(remark)
        if meanings.unused and not asked.running.check:
            unused = [name for name in meanings.unused if not _kept(name, asked.writing.keep)]
            if unused:
                session.streams.say(f"columns not used: {named(unused)}")
        found.append(Input(source, meanings))
    if problems:
        raise OrderError(problems)
    return found


def _kept(name: str, keep: tuple[str, ...]) -> bool:
    return name in keep or "*" in keep
