"""Addresses of networks and machines."""
