"""From an exhibit's bytes to claims, and from a reference folder to rows. Decides nothing about what is true."""
