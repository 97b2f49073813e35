"""Totals over many accounts, for the console: read from the running totals, never counted."""

from dataclasses import dataclass

from django.db.models import Sum

from mailstore.models import Usage


@dataclass(frozen=True, slots=True)
class Totals:
    """What all accounts together hold; size in octets."""

    size: int
    messages: int


def totals() -> Totals:
    """One query, whatever there is."""
    sums = Usage.objects.aggregate(size=Sum("size"), messages=Sum("messages"))
    return Totals(size=sums["size"] or 0, messages=sums["messages"] or 0)


def usages(account_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Octets and messages of each of these accounts that has any (one query)."""
    rows = Usage.objects.filter(pk__in=account_ids).values_list("pk", "size", "messages")
    return {pk: (size, messages) for pk, size, messages in rows}
