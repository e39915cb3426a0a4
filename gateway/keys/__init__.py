"""Keys: the keyring, and roots from an external KMS."""
