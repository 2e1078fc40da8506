"""Ways to tell people of reminders."""
