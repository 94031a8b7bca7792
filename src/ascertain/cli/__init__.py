"""The command line: a face on `Inquiry`, without logic of its own."""
