"""The task, its fields, and the rules by which it changes."""
