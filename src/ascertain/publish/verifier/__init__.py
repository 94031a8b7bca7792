"""The program that every bundle carries to verify it. It stands alone: nothing of Ascertain is in it."""
