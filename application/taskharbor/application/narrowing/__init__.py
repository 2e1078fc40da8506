"""What a caller sees and changes who is narrowed to some lists."""
