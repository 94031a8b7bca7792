"""The record: an append-only log, objects named by their hash, tables derived from the log. Knows no method."""
