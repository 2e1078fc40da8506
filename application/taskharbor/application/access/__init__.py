"""Workspaces, members, invitations, API tokens and the audit: the directory of the service."""
