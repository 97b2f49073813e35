"""The rows of the services, so that the console shows them before the first start."""

from django.db import migrations

PORTS = {
    "smtp": 25,
    "submission": 587,
    "smtps": 465,
    "imap": 143,
    "imaps": 993,
    "pop3": 110,
    "pop3s": 995,
    "http": 80,
    "https": 443,
}


def add_services(apps, schema_editor):
    service = apps.get_model("protocols", "Service")
    service.objects.bulk_create(
        [service(name=name, port=port) for name, port in PORTS.items()], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("protocols", "0002_connection_records")]

    operations = [migrations.RunPython(add_services, migrations.RunPython.noop)]
