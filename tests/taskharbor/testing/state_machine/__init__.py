"""A random session on the store and on a model, which must agree."""
