"""A program of somebody else's, as their type checker sees it."""

from taskharbor.entrypoints.embedded.opening import open_taskharbor

harbor = open_taskharbor("memory://")
