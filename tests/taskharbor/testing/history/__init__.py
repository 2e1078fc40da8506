"""The history, the trash, undo, and reads of the past."""
