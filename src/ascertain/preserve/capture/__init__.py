"""Capture: an address to a web archive, through a guard, with everything that went wrong named."""
