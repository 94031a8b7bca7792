"""Signed notes and checkpoints, keys, timestamps: what shows a stranger that a record is as it was."""
