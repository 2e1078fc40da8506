"""What was: the history of tasks, the past, taking back, the trash, and what is forgotten in the end."""
