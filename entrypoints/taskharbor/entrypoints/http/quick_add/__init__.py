"""POST /tasks/quick: a task off one line."""
