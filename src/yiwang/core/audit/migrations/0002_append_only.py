"""The database itself keeps entries and seals as they are, and queues each new entry for the sealer."""

from django.db import migrations

GUARD = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'An audit entry is never changed or removed; record a new one that corrects it.';
END $$;

CREATE TRIGGER audit_entry_keeps BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_entry_keeps_all BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seal_keeps BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seal_keeps_all BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

UNGUARD = """
DROP TRIGGER audit_entry_keeps ON audit_entry;
DROP TRIGGER audit_entry_keeps_all ON audit_entry;
DROP TRIGGER audit_seal_keeps ON audit_seal;
DROP TRIGGER audit_seal_keeps_all ON audit_seal;
DROP FUNCTION audit_refuse_change();
"""

QUEUE = """
CREATE FUNCTION audit_queue_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (entry_id) SELECT id FROM added;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_entry_queues AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_queue_for_seal();
"""

UNQUEUE = """
DROP TRIGGER audit_entry_queues ON audit_entry;
DROP FUNCTION audit_queue_for_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_entries_and_seals")]

    operations = [migrations.RunSQL(GUARD, UNGUARD), migrations.RunSQL(QUEUE, UNQUEUE)]
