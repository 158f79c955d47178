"""The rules of a market on a day, and what changes between days, made from its tables."""
