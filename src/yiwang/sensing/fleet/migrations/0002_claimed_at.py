"""A position that is sent again is known by the moment that its device claimed."""

from django.db import migrations, models

FORWARD = """
alter table fleet_position add column device_id uuid, add column claimed_at timestamptz;
update fleet_position set claimed_at = at;
alter table fleet_position alter column claimed_at set not null;
create index fleet_position_by_claim on fleet_position (mover_id, claimed_at);
"""
BACK = """
drop index fleet_position_by_claim;
alter table fleet_position drop column claimed_at, drop column device_id;
"""


class Migration(migrations.Migration):
    dependencies = [("fleet", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=FORWARD,
            reverse_sql=BACK,
            state_operations=[
                migrations.AddField(
                    "position", "device_id", models.UUIDField(null=True, verbose_name="设备")
                ),
                migrations.AddField(
                    "position",
                    "claimed_at",
                    models.DateTimeField(verbose_name="设备时间"),
                    preserve_default=False,
                ),
            ],
        )
    ]
