"""The same rows in different dress."""
