"""Reminders that fire."""
