"""Where a record lies: its log in a file or in PostgreSQL, its objects in a folder or in a bucket."""
