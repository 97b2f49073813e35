from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailstore", "0002_entry_indexes")]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="forgotten_modseq",
            field=models.BigIntegerField(default=0),
        ),
    ]
