"""The history of tasks, past states, the trash, and purging."""
