-- What an answer rests on is kept with it, so that a conversation that is shown again shows it again.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 18)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE chat_messages ADD COLUMN sources TEXT
  CONSTRAINT "chat_messages.sources must be NULL or a JSON array" CHECK (sources IS NULL OR (json_valid(sources) AND json_type(sources) = 'array'));

INSERT OR IGNORE INTO schema_version (version) VALUES (18);
