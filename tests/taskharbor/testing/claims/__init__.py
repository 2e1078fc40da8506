"""What stores promise of claims."""
