"""Stores whose tables and statements are SQLAlchemy's, on SQLite and PostgreSQL.

Hot statements are compiled once and run straight on the driver: see ADR 0004.
"""
