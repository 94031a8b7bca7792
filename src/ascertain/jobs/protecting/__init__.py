"""Protection: sealing, opening, sharing and erasing exhibits, and the access classes of what is not sealed."""
