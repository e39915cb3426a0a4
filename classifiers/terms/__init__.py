"""Words that touch on sensitive matters, for a person to confirm."""
