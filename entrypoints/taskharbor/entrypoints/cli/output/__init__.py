"""How commands answer: tables for people, documents for programs."""
