"""Cross-border parcels, priced all in."""

__version__ = "0.1.0"
