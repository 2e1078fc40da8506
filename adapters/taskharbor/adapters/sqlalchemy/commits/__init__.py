"""What commits on SQLite and PostgreSQL share."""
