"""Files of orders, column by column: read, understood, priced, written; no row is lost."""
