"""Identifiers of devices and subscriptions."""
