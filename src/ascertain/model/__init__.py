"""The nouns: what the record speaks of. Imports nothing but errors, progress and settings."""
