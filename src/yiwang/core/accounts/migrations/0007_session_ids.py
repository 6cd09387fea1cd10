import yiwang.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_posts_and_roles"),
    ]

    operations = [
        # Those that were there when the column came had all been given one and the same.
        migrations.RunSQL(
            "UPDATE accounts_session SET public_id = gen_random_uuid()", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="session",
            name="public_id",
            field=models.UUIDField(default=yiwang.core.ids.uuid7, unique=True, verbose_name="编号"),
        ),
    ]
