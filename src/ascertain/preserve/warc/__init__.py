"""WARC and WACZ: our own archives written, partners' archives read with a strict eye."""
