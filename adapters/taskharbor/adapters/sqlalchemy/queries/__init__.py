"""The statements behind the query ports."""
