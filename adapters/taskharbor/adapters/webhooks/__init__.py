"""Requests to the endpoints of webhooks, with httpx (extra `webhooks`)."""
