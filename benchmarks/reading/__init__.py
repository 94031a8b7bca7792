"""One module a part of the reader: `run` gives the figures, `show` prints them (benchmarks/read.py)."""
