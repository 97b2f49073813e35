"""Argon2id with the project's parameters (DESIGN: m = 19 MiB, t = 2, p = 1)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FacteurArgon2PasswordHasher(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
