-- What a person left is found by their address, and what was done to one thing by its id: who has read this conversation.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 14)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

CREATE INDEX IF NOT EXISTS leads_by_email ON leads (org_id, email COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS audit_log_by_target ON audit_log (org_id, target, kind, at);

INSERT OR IGNORE INTO schema_version (version) VALUES (14);
