"""One table of all commands: what each is called, and what carries it out."""
