"""Workspaces over several stores: a directory says which one each is in, and one can be moved while it is used."""
