"""YAML tables to checked rules and compiled arrays."""
