"""Identifiers of Czechia and Slovakia."""
