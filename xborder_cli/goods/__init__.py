"""Goods found by what people call them."""
