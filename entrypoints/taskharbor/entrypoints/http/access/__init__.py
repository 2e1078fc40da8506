"""Who calls, workspaces, their members, invitations, tokens and the audit."""
