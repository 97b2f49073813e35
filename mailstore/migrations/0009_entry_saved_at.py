from django.db import migrations, models


class Migration(migrations.Migration):
    """May be NULL and has no default: both databases then add the column without touching a row."""

    dependencies = [
        ("mailstore", "0008_sharing"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="saved_at",
            field=models.BigIntegerField(null=True),
        ),
    ]
