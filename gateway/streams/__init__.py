"""Exports of many records: cut into groups, spooled or flowing, over HTTP or between files."""
