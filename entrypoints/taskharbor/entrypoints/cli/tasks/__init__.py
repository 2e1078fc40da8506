"""The commands on tasks, for people and scripts."""
