"""Tests of gateway.streams.streams."""
