"""The API of the admin listener: classify, decide, desensitize, and the audit log."""
