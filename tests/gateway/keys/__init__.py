"""Tests of gateway.keys.keyring."""
