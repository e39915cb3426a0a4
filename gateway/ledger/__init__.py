"""The subject ledger: how many distinct persons an exporter has sent abroad this year."""
