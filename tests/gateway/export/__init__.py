"""Tests of gateway.export.pipeline."""
