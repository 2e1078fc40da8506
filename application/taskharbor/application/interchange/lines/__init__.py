"""Lines of files that name no task by a uid: which of the tasks that are there each of them is."""
