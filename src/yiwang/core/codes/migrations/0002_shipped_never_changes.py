"""The database itself keeps shipped tables as they are."""

from django.db import migrations

GUARD = """
CREATE FUNCTION codes_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% holds shipped editions: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Ship a new edition, or write a local version.';
END $$;

CREATE TRIGGER codes_table_keeps BEFORE UPDATE OR DELETE ON codes_codetable
    FOR EACH STATEMENT EXECUTE FUNCTION codes_refuse_change();
CREATE TRIGGER codes_item_keeps BEFORE UPDATE OR DELETE ON codes_codeitem
    FOR EACH STATEMENT EXECUTE FUNCTION codes_refuse_change();
"""

UNGUARD = """
DROP TRIGGER codes_table_keeps ON codes_codetable;
DROP TRIGGER codes_item_keeps ON codes_codeitem;
DROP FUNCTION codes_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
