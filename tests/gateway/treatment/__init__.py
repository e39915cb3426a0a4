"""Tests of gateway.treatment."""
