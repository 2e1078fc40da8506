"""The filter language, read with lark."""
