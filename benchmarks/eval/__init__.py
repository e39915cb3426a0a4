"""Detection measured: published and made-up data, printed by commands."""
