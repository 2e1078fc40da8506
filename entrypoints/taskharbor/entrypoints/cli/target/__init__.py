"""What a command is carried out on: a store of this machine, or a server."""
