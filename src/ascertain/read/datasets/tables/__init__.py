"""Tables of strangers as batches of rows: delimited text, JSON lines, Parquet, XLSX."""
