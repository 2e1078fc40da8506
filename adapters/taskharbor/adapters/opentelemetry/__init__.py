"""Spans of OpenTelemetry around the ports: what happened, how long it took, and because of what."""
