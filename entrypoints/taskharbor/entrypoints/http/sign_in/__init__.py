"""Sign-in for browsers: through an issuer, or by a link from the command line."""
