"""The same program with a mistake that only shows if the types of the package are seen."""

from taskharbor.entrypoints.embedded.opening import open_taskharbor

harbor = open_taskharbor(b"memory://")
