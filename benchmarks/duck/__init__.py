"""The same pricing written as DuckDB SQL over the same compiled tables."""
