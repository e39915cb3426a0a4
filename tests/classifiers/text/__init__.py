"""Tests of `classifiers.text`."""
