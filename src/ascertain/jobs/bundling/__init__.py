"""Bundles: parts of a record with their proofs, made for others, taken in from others, and used to restore objects."""
