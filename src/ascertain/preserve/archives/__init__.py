"""What is inside archives: each member as a stream of bytes with its name in words. Nothing is written to a path."""
