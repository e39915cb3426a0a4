"""The export path: codecs, operators, subject ledger, keys, pipeline, HTTP, command line."""
