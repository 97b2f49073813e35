from django.db import migrations, models


class Migration(migrations.Migration):
    """May be NULL and has no default: both databases then add the column without touching a row."""

    dependencies = [
        ("mailstore", "0009_entry_saved_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="email_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
