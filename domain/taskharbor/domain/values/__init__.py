"""Value types that more than one subject needs."""
