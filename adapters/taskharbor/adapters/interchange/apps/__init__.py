"""What apps export: read, never written."""
