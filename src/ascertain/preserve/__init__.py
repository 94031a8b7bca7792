"""Bytes to exhibits: their type, hash and size. Reads no meaning."""
