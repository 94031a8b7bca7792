"""Redaction: a copy without what must not be seen. The copy is made anew from what is left, never cut from the file."""
