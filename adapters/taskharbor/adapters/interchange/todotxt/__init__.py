"""todo.txt: one task on each line. Its rules are at https://github.com/todotxt/todo.txt."""
