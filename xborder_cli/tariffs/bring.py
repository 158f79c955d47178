"""Read tariffs into the tables of a folder: compared, read back, and only then kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, TableError, UsageError, Where
from xborder_cli.tariffs.brought import Brought, Wanted
from xborder_cli.tariffs.by_code import told_by_code
from xborder_cli.tariffs.editions import (
    NO_ADDRESS,
    OFFICIAL,
    Reading,
    comes_before,
    edition,
    first_day,
    in_order,
    known_edition,
    remarks,
    tells_days,
)
from xborder_cli.tariffs.kept import KeptTable
from xborder_cli.tariffs.lines import rows_of
from xborder_cli.tariffs.looked_up import held_below, nobody_looks_up
from xborder_cli.tariffs.merge import merge
from xborder_cli.tariffs.missing import refuse_part, refuse_without_rates
from xborder_cli.tariffs.place import held, put, take_back
from xborder_cli.tariffs.read_back import read_back
from xborder_cli.tariffs.read_kept import read_kept
from xborder_cli.tariffs.surroundings import refuse_rivals, unions_of
from xborder_cli.tariffs.verify import Expected
from xborder_cli.tariffs.write import table_text
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from xborder_cli.tables.tables import Tables
    from xborder_cli.tariffs.kept import Revision
    from xborder_cli.tariffs.line import Line, Programme, Tariff
    from xborder_cli.tariffs.lines import Made


def bring(
    readings: Sequence[Reading],
    wanted: Wanted,
    report: Callable[[Sequence[Brought]], None] | None = None,
) -> list[Brought]:
    """Return what became of readings, laid on what the folder holds in the order of their days.

    Args:
        readings: of one tariff or of several.
        wanted: where they go, and how.
        report: writes down what became of them; nothing is kept when it fails.

    Raises:
        UsageError: a reading is older than what is kept, or seems to be a part of a tariff; the
            report cannot be written.
        OrderError: a list of somebody's own has no rate that is read.
        TableError: a kept table was edited by hand, or what was written does not read back.
    """
    take_back(wanted.into)
    work = _Work(wanted)
    done = [work.lay(one) for one in in_order(readings, wanted.since, wanted.today)]
    changed = {path for one in done for path in one.tables}
    if changed:
        texts = {path: table_text(table) for path, table in work.tables.items() if path in changed}
        tables = read_back(texts, wanted.into, wanted.lower, work.expected)
        for one in done:
            work.tell(one, tables)
        if not wanted.dry_run:
            put(
                wanted.into,
                {path: text.encode() for path, text in texts.items()},
                {path: work.before[path] for path in texts},
                (lambda: report(done)) if report is not None else None,
            )
            return done
    if report is not None:
        report(done)
    return done


class _Work:
    """The tables of one import, as they become."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.before: dict[Path, bytes | None] = {}
        self.tables: dict[Path, KeptTable] = {}
        self.expected: list[Expected] = []
        self.unions: Mapping[str, Sequence[str]] = unions_of(wanted.lower)

    def lay(self, reading: Reading) -> Brought:
        """Lay a reading on the tables and return what it changed."""
        tariff, wanted = reading.tariff, self.wanted
        refuse_without_rates(reading)
        kept = self._kept(tariff)
        day = first_day(tariff, wanted.since, wanted.today)
        dated = wanted.since is None and tells_days(tariff, wanted.today)
        known = known_edition(reading.files, kept.values())
        if known is not None and wanted.since is None and tariff.day is None and not dated:
            day = known.day  # the same files again, which say no day: the one noted then
        revision = edition(
            tariff,
            reading.files,
            day,
            wanted.today,
            kept.values(),
            wanted.revision,
            wanted.url,
        )
        brought = Brought(reading=reading, revision=revision, unread=list(tariff.unread))
        brought.first = not any(table.revisions for table in kept.values())
        brought.notes = [] if known else remarks(tariff, wanted.since, wanted.today)
        if not revision.url:
            brought.notes.append(NO_ADDRESS)
        named = {
            one.name or one.id
            for table in kept.values()
            for one in table.revisions
            if one.day == day and one.id != revision.id
        }
        if named and not dated:
            brought.notes.append(
                f"it takes the place of {', '.join(sorted(named))}, from the same day"
            )
        by_programme: dict[str, list[Line]] = {one.id: [] for one in tariff.programmes}
        for line in tariff.lines:
            by_programme[line.programme].append(line)
        for programme in tariff.programmes:
            table = kept[programme.id]
            if not dated:
                self._refuse_older(table, revision, official=tariff.kind in OFFICIAL)
            lines = by_programme[programme.id]
            brought.lines[programme.id] = len(lines)
            made = rows_of(lines, day, self.unions, dated=dated, words=tariff.words)
            brought.unread += made.torn
            if made.ended:
                brought.notes.append(
                    f"{programme.id}: {made.ended} rates had ended before {day_text(day)}"
                )
            self._expect(table, lines, made, revision, dated=dated)
            self._merge(table, programme, made, brought, dated=dated)
        brought.again = known is not None and not brought.tables
        return brought

    def tell(self, brought: Brought, tables: Tables) -> None:
        """Note what the tables around the import make of it."""
        tariff = brought.reading.tariff.tariff
        for path in brought.tables:
            table = self.tables[path]
            if why := nobody_looks_up(tables, tariff, table.programme.id):
                brought.unused.add(table.programme.id)
                brought.warnings.append(why)
            if not table.whole and (note := held_below(tables, table, brought.revision.day)):
                brought.notes.append(note)

    def _kept(self, tariff: Tariff) -> dict[str, KeptTable]:
        """Return the tables of a tariff's programmes as they stand, new ones empty."""
        paths = {one: self._path(tariff.tariff, one.id) for one in tariff.programmes}
        fresh = {one: path for one, path in paths.items() if path not in self.tables}
        ids = [one.id for one in fresh]
        refuse_rivals(self.wanted.into, list(fresh.values()), tariff.tariff, ids)
        for programme, path in fresh.items():
            self.before[path] = held(path)
            table = read_kept(path)
            if table is not None and table.edited and not self.wanted.force:
                what = "was edited by hand since it was imported"
                fix = (
                    "keep rows of your own in a table of another folder laid over this one;"
                    " --force goes on from the file as it is"
                )
                where = Where(str(path))
                raise TableError(Problem(code="edited", where=where, what=what, fix=fix))
            confidence = "high" if tariff.kind in OFFICIAL else "medium"
            self.tables[path] = table or KeptTable(
                tariff=tariff.tariff, programme=programme, confidence=confidence
            )
        return {programme.id: self.tables[path] for programme, path in paths.items()}

    def _path(self, tariff: str, programme: str) -> Path:
        return self.wanted.into / "duties" / tariff.lower() / f"{programme}.yaml"

    def _refuse_older(self, table: KeptTable, revision: Revision, *, official: bool) -> None:
        newest = table.revisions[-1] if table.revisions else None
        if newest is None:
            return
        older = comes_before(revision.name, newest.name)
        if newest.day <= revision.day and not (older and official):
            return
        path = self._path(table.tariff, table.programme.id)
        what = (
            f"{revision.name or revision.id} from {day_text(revision.day)} is older than"
            f" {newest.name or newest.id} from {day_text(newest.day)}, which {path} holds"
        )
        fix = (
            "import editions in their order: move the tables away and begin with the oldest,"
            " or give --from DAY or --revision NAME if the file says it wrongly"
        )
        where = Where(revision.files[0].name if revision.files else "FILE")
        raise UsageError(Problem(code="older-revision", where=where, what=what, fix=fix))

    def _merge(
        self, table: KeptTable, programme: Programme, made: Made, brought: Brought, *, dated: bool
    ) -> None:
        revision = brought.revision
        earlier = [one for one in table.revisions if one.day < revision.day]
        day = revision.day
        if dated:
            day = min([day, *(row.since for row in table.rows)])
        source = earlier[-1].id if earlier else ""
        merged = merge(table.rows, made.rows, day, programme.id, source)
        told = merged.changes
        if not brought.first:
            words = brought.reading.tariff.words
            told, codes = told_by_code(table.rows, merged.rows, merged.changes, words)
            brought.codes |= codes
        if not self.wanted.force:
            refuse_part(told, merged.ran, programme.id, brought.reading)
        brought.changes += told
        brought.regrouped += len(merged.changes) - len(told)
        brought.unchanged += merged.unchanged
        newest = table.revisions[-1] if table.revisions else None
        said = newest is not None and (newest.digests, newest.url) == (
            revision.digests,
            revision.url,
        )
        whole = self.wanted.whole or brought.reading.tariff.kind in OFFICIAL
        same = table.rows == merged.rows and table.whole == whole
        if not merged.changes and said and not table.edited and same:
            return
        cited = {row.source for row in merged.rows}
        kept = [
            one
            for one in table.revisions
            if one.day < revision.day or (one.id in cited and one.id != revision.id)
        ]
        path = self._path(table.tariff, programme.id)
        self.tables[path] = KeptTable(
            tariff=table.tariff,
            programme=programme,
            confidence=table.confidence,
            rows=merged.rows,
            revisions=[*kept, revision],
            words=brought.reading.tariff.words,
            whole=whole,
        )
        brought.tables.append(path)

    def _expect(
        self,
        table: KeptTable,
        lines: Sequence[Line],
        made: Made,
        revision: Revision,
        *,
        dated: bool,
    ) -> None:
        """Note what lookups must find: the past as it was, and every line of the file."""
        tariff, programme, day = table.tariff, table.programme.id, revision.day
        file = ", ".join(one.name for one in revision.files) or revision.id
        # what an edition before said of days that this one speaks of holds no longer
        begin = 0 if dated else day
        self.expected = [
            one
            for one in self.expected
            if (one.tariff, one.programme) != (tariff, programme) or one.on < begin
        ]
        for row in table.rows:
            if row.since < begin:
                self.expected.append(
                    Expected(
                        tariff=tariff,
                        programme=programme,
                        hs=row.hs,
                        origins=row.origins,
                        claim=row.claim,
                        rate=row.rate,
                        on=row.since,
                    )
                )
        for line in lines:
            since = line.since if dated and line.since is not None else max(line.since or day, day)
            if id(line) in made.torn_lines or (line.until is not None and line.until < since):
                continue
            self.expected.append(
                Expected(
                    tariff=tariff,
                    programme=programme,
                    hs=line.hs.replace("*", ""),
                    origins=line.origins,
                    claim=line.claim,
                    rate=line.rate,
                    on=since,
                    file=file,
                    row=line.row,
                )
            )
