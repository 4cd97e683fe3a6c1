-- A scheduled run that stands still leaves no trace but what it did not do, so each notes its end.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 19)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

-- When each scheduled run last came to its end: whoever is on call sees one that stands still.
CREATE TABLE IF NOT EXISTS cron_runs (
  worker TEXT NOT NULL, -- as GET /health names it
  cron TEXT NOT NULL, -- its time, as the toml has it
  ended_at TEXT NOT NULL, -- instant
  PRIMARY KEY (worker, cron)
) WITHOUT ROWID;

INSERT OR IGNORE INTO schema_version (version) VALUES (19);
