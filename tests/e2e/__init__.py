"""The whole line: a real gateway, a real sink, a real log."""
