"""What the rules on workspaces, members, tokens and invitations refuse."""

from taskharbor.domain.errors import TaskharborError


class LastOwner(TaskharborError):
    """A workspace has an owner at all times: the last one cannot leave or become something else."""

    code = "last_owner"

    def __init__(self, member: str) -> None:
        super().__init__(f"{member} is the last owner: make another member an owner first")
        self.member = member


class MemberNotFound(TaskharborError, LookupError):
    """The workspace has no such member."""

    code = "member_not_found"

    def __init__(self, member: str) -> None:
        super().__init__("Member not found")
        self.member = member


class MemberIdTaken(TaskharborError):
    """Somebody else has this id already."""

    code = "member_id_taken"

    def __init__(self, member: str) -> None:
        super().__init__(f"{member} is the id of somebody else: choose another one")
        self.member = member


class TokenNotFound(TaskharborError, LookupError):
    """The workspace has no such token."""

    code = "token_not_found"

    def __init__(self, token_id: str) -> None:
        super().__init__("Token not found")
        self.token_id = token_id


class InvitationNotFound(TaskharborError, LookupError):
    """There is no such invitation, or it was accepted, revoked or has expired."""

    code = "invitation_not_found"

    def __init__(self) -> None:
        super().__init__("Invitation not found")


class WorkspaceIdTaken(TaskharborError):
    """This id belongs, or has belonged, to another workspace."""

    code = "workspace_id_taken"

    def __init__(self, workspace: str) -> None:
        super().__init__(f"{workspace} is the id of another workspace: choose another one")
        self.workspace = workspace


class ExportFirst(TaskharborError):
    """The workspace has changed since it was last exported, and would be deleted for good."""

    code = "export_first"

    def __init__(self, workspace: str) -> None:
        super().__init__(
            f"{workspace} has changed since its last export: export it, or pass without_export={workspace}"
        )
        self.workspace = workspace
