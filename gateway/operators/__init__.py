"""Operators: what is done to a text. Plain functions over columns; Presidio's form beside them."""
