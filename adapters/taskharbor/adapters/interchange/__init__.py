"""The formats of other programs: implements the port of the same name, with the libraries that their fields use."""
