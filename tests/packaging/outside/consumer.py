"""Another project's program, as its type checker sees it."""

from taskharbor.entrypoints.embedded.opening import open_taskharbor

harbor = open_taskharbor("memory://")
