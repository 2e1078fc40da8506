"""What a store can build on: scans and search tokens."""
