"""How requests reach the application when `taskharbor serve` runs it."""
