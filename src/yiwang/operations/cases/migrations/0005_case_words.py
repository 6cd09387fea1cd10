"""The words of cases, cut by the database itself whichever door a case comes through, with an index over them.

They stand in a table beside the cases: in a column of the case each step would write the whole index entry anew.
"""

from django.db import migrations

CHARACTERS = r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"

CUT = rf"""
CREATE FUNCTION cases_words_of(number text, description text, address text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
WITH run AS (
    SELECT m[1] AS word, n,
        m[1] COLLATE "C" ~ '^[{CHARACTERS}]' AS characters
    FROM regexp_matches(
        left(lower(normalize(description || ' ~ ' || address, NFKC) COLLATE "C"), 4000),
        '[a-z]+|[0-9]+|[{CHARACTERS}]+|[^a-z0-9{CHARACTERS}]+', 'g'
    ) WITH ORDINALITY AS found (m, n)
), placed AS (
    SELECT word, characters,
        1 + coalesce(sum(CASE WHEN characters THEN char_length(word) ELSE 1 END)
            OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS place
    FROM run
), piece AS (
    SELECT '''' || substr(word, i, 2) || ''':' || least(place + i - 1, 16383) AS lexeme
    FROM placed, generate_series(1, char_length(word)) AS i WHERE characters
    UNION ALL
    SELECT '''' || left(word, 64) || ''':' || least(place, 16383)
    FROM placed WHERE NOT characters AND word COLLATE "C" ~ '^[a-z0-9]'
), digits AS (
    SELECT left(regexp_replace(lower(normalize(number, NFKC) COLLATE "C"), '[^a-z0-9]', '', 'g'), 64) AS key
)
SELECT (
    coalesce((SELECT string_agg(lexeme, ' ') FROM piece), '')
    || CASE
        WHEN key = '' THEN ''
        WHEN key COLLATE "C" ~ '^[0-9]{{19}}$'
            THEN ' ''##' || key || ''' ''#' || substr(key, 7) || ''' ''#' || substr(key, 15) || ''''
        ELSE ' ''##' || key || ''' ''#' || key || ''''
    END
)::tsvector FROM digits
$$;
"""  # noqa: S608 - characters of this module

TABLE = """
CREATE TABLE cases_words (
    case_id uuid PRIMARY KEY,
    words tsvector NOT NULL
);
COMMENT ON TABLE cases_words IS 'The words by which a case is found; written by triggers of cases_case only.';
CREATE INDEX cases_words_found ON cases_words USING gin (words);

CREATE FUNCTION cases_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_words (case_id, words)
    SELECT id, cases_words_of(number, description, address) FROM fresh
    ON CONFLICT (case_id) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$;

CREATE FUNCTION cases_change_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cases_words SET words = cases_words_of(new.number, new.description, new.address)
    WHERE case_id = new.id;
    RETURN NULL;
END $$;

CREATE FUNCTION cases_drop_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM cases_words WHERE case_id IN (SELECT id FROM gone);
    RETURN NULL;
END $$;

CREATE TRIGGER cases_case_words_kept AFTER INSERT ON cases_case
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_words();
CREATE TRIGGER cases_case_words_changed AFTER UPDATE OF number, description, address ON cases_case
    FOR EACH ROW WHEN ((old.number, old.description, old.address)
        IS DISTINCT FROM (new.number, new.description, new.address))
    EXECUTE FUNCTION cases_change_words();
CREATE TRIGGER cases_case_words_dropped AFTER DELETE ON cases_case
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION cases_drop_words();

INSERT INTO cases_words (case_id, words)
SELECT id, cases_words_of(number, description, address) FROM cases_case;
"""

UNDO = """
DROP TRIGGER cases_case_words_dropped ON cases_case;
DROP TRIGGER cases_case_words_changed ON cases_case;
DROP TRIGGER cases_case_words_kept ON cases_case;
DROP FUNCTION cases_drop_words();
DROP FUNCTION cases_change_words();
DROP FUNCTION cases_keep_words();
DROP TABLE cases_words;
DROP FUNCTION cases_words_of(text, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_whole_life")]

    operations = [migrations.RunSQL(CUT + TABLE, UNDO)]
