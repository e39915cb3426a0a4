"""The container image and the composed services."""
