"""The use cases as one object for each subject, with their ports filled in."""
