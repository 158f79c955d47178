"""What one run of a command shares: streams, settings, tables, the day, the exit status."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.cli.settings import Settings
from xborder_cli.cli.streams import Streams
from xborder_cli.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from xborder_cli.adapters.names import Names
    from xborder_cli.cli.flags import TableFlags
    from xborder_cli.tables.compile import Compiled
    from xborder_cli.tables.tables import Tables


@dataclass(kw_only=True)
class Session:
    """One run."""

    streams: Streams = field(default_factory=Streams)
    settings: Settings = field(default_factory=Settings)
    status: ExitCode = ExitCode.OK

    def folders(self, flags: TableFlags) -> tuple[Path, ...]:
        """Return the folders of tables that hold; from here on -q and -v are obeyed."""
        from xborder_cli.cli.folders import in_force

        self.streams.quiet = flags.quiet
        self.streams.verbose = flags.verbose
        folders = in_force(flags.rates, self.settings.rates, with_bundled=not flags.no_bundled)
        for path in self.settings.files:
            self.streams.detail(f"settings: {path}")
        for folder in folders:
            self.streams.detail(f"tables: {folder}")
        return folders

    def open_tables(self, flags: TableFlags) -> Compiled:
        """Return the compiled tables of all folders that hold."""
        from xborder_cli.tables.compile import open_tables

        tables = open_tables(self.folders(flags))
        self.streams.detail(f"tables loaded, digest {tables.digest}")
        return tables

    def load_tables(self, flags: TableFlags) -> Tables:
        """Return the tables as they are written, for `xb rates`."""
        from xborder_cli.tables.load import load_tables

        tables = load_tables(self.folders(flags))
        self.streams.detail(f"tables read, digest {tables.digest}")
        return tables


def names_of(tables: Compiled) -> Names:
    """Return what compiled tables know by name."""
    from xborder_cli.adapters.names import Names

    return Names(
        countries=tables.countries,
        goods=tables.goods,
        currencies=tables.digits,
        known=getattr(tables, "known_names", {}),
        market=tables.market,
    )


def today() -> int:
    """Return the day it is, since 1970-01-01: the one place where the calendar is read."""
    from datetime import date

    return date.today().toordinal() - date(1970, 1, 1).toordinal()
