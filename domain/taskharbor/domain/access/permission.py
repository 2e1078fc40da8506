"""What callers may do, and the roles that say it."""

from enum import Enum, IntEnum


class Permission(IntEnum):
    """What a caller may do in a workspace. Each includes those before it."""

    READ = 1
    WRITE = 2
    MANAGE = 3

    @property
    def label(self) -> str:
        """What callers call it: `read`, `write` or `manage`."""
        return self.name.lower()


class Role(Enum):
    """What a member is in a workspace."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def permission(self) -> Permission:
        """What a member with this role may do."""
        return _PERMISSIONS[self]


_PERMISSIONS = {Role.OWNER: Permission.MANAGE, Role.EDITOR: Permission.WRITE, Role.VIEWER: Permission.READ}
