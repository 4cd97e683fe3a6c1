-- Which texts visitors have agreed to: kept with what they said and left under them.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 15)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE chat_sessions ADD COLUMN consents TEXT
  CONSTRAINT "chat_sessions.consents must be NULL or a JSON array" CHECK (consents IS NULL OR (json_valid(consents) AND json_type(consents) = 'array'));
ALTER TABLE leads ADD COLUMN consent_version TEXT;
ALTER TABLE voice_sessions ADD COLUMN consent_version TEXT;

INSERT OR IGNORE INTO schema_version (version) VALUES (15);
