"""Sealed exhibits: encryption, keys that can be destroyed, access classes."""
