"""What a shell can complete."""
