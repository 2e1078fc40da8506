"""Commands on the store itself: its schema, what is wrong with it, backups, what is purged or moved."""
