"""Parents, dependencies and places of tasks."""
