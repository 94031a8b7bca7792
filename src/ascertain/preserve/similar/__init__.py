"""Near-duplicates: fingerprints of images and texts, and the pairs that lie within a distance."""
