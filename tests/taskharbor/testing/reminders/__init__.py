"""What stores promise of reminders."""
