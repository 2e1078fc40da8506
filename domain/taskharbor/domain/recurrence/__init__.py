"""Recurring tasks: rules (RFC 5545 section 3.3.10), the series that they make, and its next occurrence."""
