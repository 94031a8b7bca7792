"""Rows of datasets to claims, by a mapping that says which column is which slot."""
