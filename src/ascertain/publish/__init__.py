"""What leaves the record: results and reports, for people and for machines."""
