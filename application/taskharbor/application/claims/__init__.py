"""Claims: tasks that one works on alone, for a while."""
