"""Schemas of request bodies and of response documents."""
