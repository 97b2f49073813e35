"""Shared by all tests: the fixed cast (alice owns, bob shares, marie is the outsider, an admin)."""
