"""How reads are run: compiled once, and combined where several ask at once."""
