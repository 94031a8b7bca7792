"""From an untrusted image or PDF to plain pixels, in a process of its own."""
