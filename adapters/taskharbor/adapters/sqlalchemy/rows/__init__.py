"""Domain objects as rows, and back."""
