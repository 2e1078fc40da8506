"""Files of tasks, in and out."""
