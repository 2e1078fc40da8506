"""Whom OpenID Connect issuers vouch for."""
