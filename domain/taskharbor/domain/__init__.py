"""The Task domain: pure rules, standard library only, no I/O, no clock, no randomness."""
