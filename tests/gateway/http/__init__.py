"""Tests of the listeners and upstream connections."""
