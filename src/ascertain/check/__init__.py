"""A statement's claims against the record as of a date. Rows decide; nothing is supported without them."""
