"""Files of orders, column by column: read, understood, priced, written; no row is lost."""

from xborder_cli.batch.lean import without_pandas

without_pandas()
