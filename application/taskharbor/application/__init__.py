"""The use cases and the ports that they need. Imports the domain only."""
