"""`taskharbor workspace`, `member`, `invitation` and `token`."""

import re

import pytest

TOKEN = re.compile(r"th_[0-9A-Za-z]{33}\n")


def test_a_token_is_printed_alone_and_once(taskharbor):
    made = taskharbor("token", "create", "--scope", "write", "--name", "backup", "--expires", "90d", "--list", "3")
    assert made.exit_code == 0
    assert TOKEN.fullmatch(made.out)
    id_ = re.search(r"Token ([0-9a-f]{16}) of workspace default expires on ", made.err)[1]
    listed = taskharbor("token", "list")
    assert re.fullmatch(rf"{id_} write lists 3, expires \S+Z, last used never: backup\n", listed.out)
    assert made.out.strip() not in listed.out + listed.err + made.err
    assert taskharbor("token", "revoke", id_).out == f"Revoked {id_}: backup\n"
    assert taskharbor("token", "list").out == ""
    again = taskharbor("token", "revoke", id_)
    assert (again.exit_code, again.err) == (2, "taskharbor: Token not found\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--scope", "all"], "scope: must be one of read, write, manage"),
        (["--scope", "read", "--expires", "soon"], "--expires: must be a number and m, h, d or w, such as 90d"),
        (["--scope", "read", "--expires", "90000d"], "expires_in: must be more than nothing, and at most 3650 days"),
        (["--scope", "read", "--member", "eve"], "Member not found"),
        (
            ["--scope", "read", "--workspace", "nowhere"],
            "there is no workspace nowhere; `taskharbor workspace create nowhere` makes one",
        ),
    ],
)
def test_a_token_that_cannot_be_made_is_one_sentence(taskharbor, arguments, sentence):
    refused = taskharbor("token", "create", *arguments)
    assert (refused.exit_code, refused.out, refused.err) == (2, "", f"taskharbor: {sentence}\n")


def test_a_workspace_is_made_renamed_archived_and_deleted(taskharbor):
    assert taskharbor("workspace", "create", "team", "--owner", "ada").out == "Created team, owned by ada.\n"
    assert taskharbor("workspace", "rename", "team", "All of us").out == "team is called All of us.\n"
    assert taskharbor("workspace", "archive", "team").out == "team is called All of us and archived.\n"
    default = "default (1 member): default\n"
    assert taskharbor("workspace", "list").out == f"{default}team (1 member, archived): All of us\n"
    assert taskharbor("workspace", "unarchive", "team").out == "team is called All of us.\n"
    said = "Reminders of team that name no time zone are in"
    assert taskharbor("workspace", "time-zone", "team", "Europe/Berlin").out == f"{said} Europe/Berlin.\n"
    assert taskharbor("workspace", "time-zone", "team").out == f"{said} the time zone of the service.\n"
    assert taskharbor("workspace", "delete", "team", "--without-export").exit_code == 0
    assert taskharbor("workspace", "list").out == default
    taken = taskharbor("workspace", "create", "team")
    assert (taken.exit_code, taken.err) == (2, "taskharbor: team is the id of another workspace: choose another one\n")


def test_a_member_is_signed_out(taskharbor):
    taskharbor("workspace", "create", "team", "--owner", "ada")
    assert taskharbor("sign-out", "--member", "ada").out == "ada is signed out everywhere.\n"
    assert taskharbor("sign-out", "--member", "eve").err == "taskharbor: Member not found\n"


def test_members_come_go_and_are_invited(taskharbor):
    where = ("--workspace", "team")
    taskharbor("workspace", "create", "team", "--owner", "ada")
    assert taskharbor("member", "set", "bob", "--role", "editor", *where).out == "bob is editor of team.\n"
    assert taskharbor("member", "list", *where).out == "ada owner: ada\nbob editor: bob\n"
    last = taskharbor("member", "remove", "ada", *where)
    assert (last.exit_code, last.err) == (2, "taskharbor: ada is the last owner: make another member an owner first\n")
    assert taskharbor("member", "remove", "bob", *where).out == "bob is no longer a member of team.\n"
    invited = taskharbor("invitation", "create", "--role", "viewer", *where)
    assert re.fullmatch(r"thi_[0-9A-Za-z]{33}\n", invited.out)
