"""Reads from replicas, none of which goes back behind what its caller has seen."""
