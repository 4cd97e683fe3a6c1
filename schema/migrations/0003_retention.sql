-- Every table that grows is trimmed, in steps; `retention_days` has a default, and 0 keeps for good.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 3)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

-- org_config anew: its CHECK lets 0 and 7 in. An org that had set nothing kept its conversations for good, and goes on to, by a 0;
-- in a database that nobody has used yet (no org of its own, nothing recorded) the sample customers get the default.
CREATE TABLE org_config_0003 (
  org_id TEXT PRIMARY KEY NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  display_name TEXT, -- ≤ 100 characters; default: orgs.name
  timezone TEXT, -- IANA name, for display only; default UTC
  locale TEXT, -- BCP 47; default en
  brand_color TEXT
    CONSTRAINT "org_config.brand_color must be NULL or look like #1a2b3c" CHECK (brand_color IS NULL OR (length(brand_color) = 7 AND brand_color GLOB '#*' AND substr(brand_color, 2) NOT GLOB '*[^0-9A-Fa-f]*')),
  logo_url TEXT
    CONSTRAINT "org_config.logo_url must be NULL or begin with https://" CHECK (logo_url IS NULL OR logo_url GLOB 'https://?*'),
  greeting TEXT, -- ≤ 500 characters
  suggested_questions TEXT -- JSON array of ≤ 6 texts of ≤ 120 characters
    CONSTRAINT "org_config.suggested_questions must be NULL or a JSON array" CHECK (suggested_questions IS NULL OR (json_valid(suggested_questions) AND json_type(suggested_questions) = 'array')),
  instructions TEXT, -- ≤ 8,000 characters; what the bot is told
  fallback_message TEXT, -- ≤ 500 characters; answer when the model gives none
  limit_message TEXT, -- ≤ 500 characters; error text when the plan's messages are used up
  retention_days INTEGER -- days conversations are kept; NULL = 90; 0 = for good
    CONSTRAINT "org_config.retention_days must be NULL, 0 or 7 to 3650" CHECK (retention_days IS NULL OR (typeof(retention_days) = 'integer' AND (retention_days = 0 OR retention_days BETWEEN 7 AND 3650))),
  version INTEGER NOT NULL DEFAULT 1, -- counts the writes; the ETag, and part of the key of cached answers
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_by TEXT -- Clerk user id
);
INSERT INTO org_config_0003 (org_id, display_name, timezone, locale, brand_color, logo_url, greeting, suggested_questions, instructions, fallback_message, limit_message, updated_at, updated_by, retention_days, version)
  SELECT org_id, display_name, timezone, locale, brand_color, logo_url, greeting, suggested_questions, instructions, fallback_message, limit_message, updated_at, updated_by, IIF(is_used, COALESCE(retention_days, 0), retention_days), version + (is_used AND retention_days IS NULL)
  FROM org_config CROSS JOIN (SELECT
    EXISTS (SELECT 1 FROM orgs WHERE id NOT IN ('org_chadis', 'org_pannu_dental')) OR EXISTS (SELECT 1 FROM chat_sessions)
    OR EXISTS (SELECT 1 FROM metrics_daily) AS is_used);
INSERT INTO org_config_0003 (org_id, retention_days)
  SELECT o.id, 0 FROM orgs o
  WHERE NOT EXISTS (SELECT 1 FROM org_config c WHERE c.org_id = o.id)
    AND (EXISTS (SELECT 1 FROM orgs WHERE id NOT IN ('org_chadis', 'org_pannu_dental')) OR EXISTS (SELECT 1 FROM chat_sessions)
      OR EXISTS (SELECT 1 FROM metrics_daily));
DROP TABLE org_config;
ALTER TABLE org_config_0003 RENAME TO org_config;
-- Nothing reads by this index. The worker of schema version 2 finds the orgs whose conversations end by an index of this name and by no
-- other, and takes 0 for no days at all. This one does not serve its query, so it erases nothing; and its schema cannot make the old one.
CREATE INDEX org_config_with_retention ON org_config (org_id) WHERE retention_days > 0;
CREATE TRIGGER org_config_org_insert BEFORE INSERT ON org_config
WHEN NOT EXISTS (SELECT 1 FROM orgs WHERE id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'org_config.org_id must be the id of a row in orgs'); END;
-- The portal's own upsert tells itself apart by the version that it writes.
CREATE TRIGGER org_config_taken_insert BEFORE INSERT ON org_config
WHEN NEW.version = 1 AND EXISTS (SELECT 1 FROM org_config WHERE org_id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'org_config.org_id is taken; to change a row, use UPDATE'); END;
-- A change made by hand counts as well, or an ETag and cached answers would outlive it.
CREATE TRIGGER org_config_version AFTER UPDATE OF display_name, timezone, locale, brand_color, logo_url, greeting,
  suggested_questions, instructions, fallback_message, limit_message, retention_days ON org_config
WHEN NEW.version = OLD.version
BEGIN UPDATE org_config SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE org_id = NEW.org_id; END;

-- An erased conversation is out of everybody's sight at once, and its rows go step by step.
ALTER TABLE chat_sessions ADD COLUMN erased_at TEXT;
CREATE INDEX chat_sessions_with_erasure ON chat_sessions (erased_at) WHERE erased_at IS NOT NULL;

-- What has aged is found by its age.
CREATE INDEX workflow_runs_by_age ON workflow_runs (started_at);
CREATE INDEX workflow_daily_by_age ON workflow_daily (date);
CREATE INDEX question_stats_by_age ON question_stats (org_id, last_asked_at);
CREATE INDEX metrics_daily_by_age ON metrics_daily (date);
CREATE INDEX usage_daily_by_age ON usage_daily (date);
CREATE INDEX usage_monthly_by_age ON usage_monthly (month);
CREATE INDEX audit_log_by_age ON audit_log (at);

-- How far the erasing of what is old has come: one row, or none before the first run.
CREATE TABLE IF NOT EXISTS retention_state (
  id INTEGER PRIMARY KEY
    CONSTRAINT "retention_state.id must be 1" CHECK (id = 1),
  waiting_since TEXT, -- instant of the daily run since which work waits; NULL = nothing waits
  busy_until TEXT NOT NULL DEFAULT '' -- instant until which a run may be at work; '' = none is
);

-- The size of the database by day, from which its growth is told.
CREATE TABLE IF NOT EXISTS database_sizes (
  date TEXT PRIMARY KEY NOT NULL, -- UTC day
  bytes INTEGER NOT NULL
) WITHOUT ROWID;

-- Staff's list of clients by plan.
CREATE INDEX orgs_by_plan ON orgs (plan, name COLLATE NOCASE, id);
CREATE INDEX orgs_by_plan_and_status ON orgs (plan, status, name COLLATE NOCASE, id);

INSERT OR IGNORE INTO schema_version (version) VALUES (3);
