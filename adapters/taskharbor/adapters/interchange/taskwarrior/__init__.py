"""Taskwarrior's JSON, as `task export` writes it and `task import` reads it (its rfc 'Taskwarrior JSON Format')."""
