"""Imports the library of the container without the frameworks that it would wire: commands are spared 0.1 s.

Only where the process is ours. An application that embeds us shall find the library as it expects it.
"""

from taskharbor.entrypoints.cli.not_to_be_had import not_to_be_had

# For FastAPI's dependencies, Flask's views, and settings in YAML. We wire nothing.
with not_to_be_had(["fastapi", "starlette", "werkzeug", "yaml"]):
    import dependency_injector.containers  # noqa: F401
