"""Where SCRAM-SHA-256 is switched on, SCRAM-SHA-1 joins it; the administrator may switch it off again."""

from django.db import migrations
from django.db.models import F


def switch_on(apps, schema_editor):
    policy = apps.get_model("security", "Policy")
    for row in policy.objects.all():
        names = row.mechanisms.split()
        beside = [name.replace("-256", "-1") for name in names if name.startswith("SCRAM-SHA-256")]
        row.mechanisms = " ".join(dict.fromkeys([*names, *beside]))
        row.version = F("version") + 1
        row.save(update_fields=["mechanisms", "version"])


def leave(apps, schema_editor):
    """An older version passes over names that it does not know."""


class Migration(migrations.Migration):

    dependencies = [("security", "0002_secrets_for_more_methods")]

    operations = [migrations.RunPython(switch_on, leave)]
