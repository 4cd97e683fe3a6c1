-- How visitors put a question, once two of them have put it alike: until then only digests are kept, of the words and of the visitor.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 9)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE question_stats ADD COLUMN wording TEXT;
ALTER TABLE question_stats ADD COLUMN wording_candidate TEXT;
ALTER TABLE question_stats ADD COLUMN wording_visitor TEXT;

INSERT OR IGNORE INTO schema_version (version) VALUES (9);
