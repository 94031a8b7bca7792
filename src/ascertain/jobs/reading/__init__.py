"""From exhibits to claims, one module a kind of source."""
