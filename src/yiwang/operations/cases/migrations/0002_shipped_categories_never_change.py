"""The database itself keeps shipped classes, and the codes and conditions of every version, as they are."""

from django.db import migrations

GUARD = """
CREATE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% holds declared editions: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Ship a new edition, or write a local version.';
END $$;

CREATE TRIGGER cases_category_keeps BEFORE UPDATE OR DELETE ON cases_category
    FOR EACH ROW WHEN (OLD.version = 0) EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER cases_categorycode_keeps BEFORE UPDATE OR DELETE ON cases_categorycode
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER cases_filingcondition_keeps BEFORE UPDATE OR DELETE ON cases_filingcondition
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
"""

UNGUARD = """
DROP TRIGGER cases_category_keeps ON cases_category;
DROP TRIGGER cases_categorycode_keeps ON cases_categorycode;
DROP TRIGGER cases_filingcondition_keeps ON cases_filingcondition;
DROP FUNCTION cases_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
