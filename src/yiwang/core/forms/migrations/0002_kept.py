"""The database itself keeps versions and filled forms as they are; a person's words can be masked in answers."""

from django.db import migrations

GUARD = """
CREATE FUNCTION forms_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := TG_ARGV[0]::text[];
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - free) = (to_jsonb(OLD) - free) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is kept as it was written: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version, or fill in the form again.';
END $$;

CREATE TRIGGER forms_version_keeps BEFORE UPDATE OR DELETE ON forms_formversion
    FOR EACH ROW EXECUTE FUNCTION forms_refuse_change('{valid_to,withdrawn_at}');
CREATE TRIGGER forms_filled_keeps BEFORE UPDATE OR DELETE ON forms_filledform
    FOR EACH ROW EXECUTE FUNCTION forms_refuse_change('{answers}');
"""

UNGUARD = """
DROP TRIGGER forms_version_keeps ON forms_formversion;
DROP TRIGGER forms_filled_keeps ON forms_filledform;
DROP FUNCTION forms_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
