"""The parts of a commit that SQLite and PostgreSQL share."""
