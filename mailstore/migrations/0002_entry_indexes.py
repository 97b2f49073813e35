from django.db import migrations, models
from django.db.models.lookups import Exact

_OF_THE_MESSAGE = (
    "UPDATE mailstore_entry SET has_attachments = (SELECT m.has_attachments FROM mailstore_message m"
    " WHERE m.id = mailstore_entry.message_id)"
)


def _bit(bit: int, value: int) -> models.Q:
    return models.Q(Exact(models.F("flags").bitand(bit), value))


class Migration(migrations.Migration):
    dependencies = [("mailstore", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="has_attachments",
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.RunSQL(_OF_THE_MESSAGE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["mailbox", "uid"], name="entry_unseen", condition=_bit(1, 0)),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["mailbox", "uid"], name="entry_flagged", condition=_bit(4, 4)),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["mailbox", "uid"], name="entry_deleted", condition=_bit(8, 8)),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["mailbox", "uid"], name="entry_attachments", condition=models.Q(has_attachments=True)
            ),
        ),
    ]
