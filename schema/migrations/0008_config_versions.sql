-- Every version of a configuration is kept whole, a draft of one waits beside it, and questions with known right answers are asked
-- of either. The version before goes on writing configurations, which are kept as well.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 8)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE org_config ADD COLUMN min_pass_rate INTEGER
  CONSTRAINT "org_config.min_pass_rate must be NULL or 0 to 100" CHECK (min_pass_rate IS NULL OR (typeof(min_pass_rate) = 'integer' AND min_pass_rate BETWEEN 0 AND 100));
CREATE TABLE IF NOT EXISTS config_versions (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  version INTEGER NOT NULL, -- as in org_config
  config TEXT -- JSON object of every field as org_config holds it; NULL = announced by the portal, in the batch that writes it
    CONSTRAINT "config_versions.config must be NULL or a JSON object" CHECK (config IS NULL OR (json_valid(config) AND json_type(config) = 'object')),
  created_at TEXT NOT NULL,
  user_id TEXT, -- Clerk user id; NULL = by hand
  cause TEXT NOT NULL
    CONSTRAINT "config_versions.cause must be update, restore, publish or by_hand" CHECK (cause IN ('update', 'restore', 'publish', 'by_hand')),
  reason TEXT, -- ≤ 500 characters; why a draft was published below min_pass_rate
  made_from INTEGER, -- the version that was restored, or that of the draft that was published
  PRIMARY KEY (org_id, version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS config_versions_by_age ON config_versions (created_at);
DROP TRIGGER IF EXISTS org_config_version;
CREATE TRIGGER org_config_version AFTER UPDATE OF display_name, timezone, locale, brand_color, logo_url, greeting,
  suggested_questions, instructions, fallback_message, limit_message, retention_days, visitor_memory, answer_mode, contact,
  min_pass_rate ON org_config
WHEN NEW.version = OLD.version
BEGIN UPDATE org_config SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE org_id = NEW.org_id; END;
-- Every version is kept whole, by whichever way it came. The portal announces its own, with whose it is and why; a row that nobody
-- announced was written by hand, or by the version of the portal before.
CREATE TRIGGER IF NOT EXISTS org_config_first AFTER INSERT ON org_config
BEGIN
  INSERT INTO config_versions (org_id, version, config, created_at, cause)
  VALUES (NEW.org_id, NEW.version, json_object('display_name', NEW.display_name, 'timezone', NEW.timezone, 'locale', NEW.locale, 'brand_color', NEW.brand_color, 'logo_url', NEW.logo_url, 'greeting', NEW.greeting, 'suggested_questions', NEW.suggested_questions, 'instructions', NEW.instructions, 'fallback_message', NEW.fallback_message, 'limit_message', NEW.limit_message, 'retention_days', NEW.retention_days, 'visitor_memory', NEW.visitor_memory, 'answer_mode', NEW.answer_mode, 'contact', NEW.contact, 'min_pass_rate', NEW.min_pass_rate), NEW.updated_at, 'by_hand')
  ON CONFLICT (org_id, version) DO UPDATE
  SET created_at = IIF(config IS NULL, created_at, excluded.created_at), user_id = IIF(config IS NULL, user_id, NULL), cause = IIF(config IS NULL, cause, excluded.cause),
    reason = IIF(config IS NULL, reason, NULL), made_from = IIF(config IS NULL, made_from, NULL), config = excluded.config;
  DELETE FROM config_versions WHERE org_id = NEW.org_id AND version <= NEW.version - 200;
END;
CREATE TRIGGER IF NOT EXISTS org_config_next AFTER UPDATE OF version ON org_config
WHEN NEW.version <> OLD.version
BEGIN
  INSERT INTO config_versions (org_id, version, config, created_at, cause)
  VALUES (NEW.org_id, NEW.version, json_object('display_name', NEW.display_name, 'timezone', NEW.timezone, 'locale', NEW.locale, 'brand_color', NEW.brand_color, 'logo_url', NEW.logo_url, 'greeting', NEW.greeting, 'suggested_questions', NEW.suggested_questions, 'instructions', NEW.instructions, 'fallback_message', NEW.fallback_message, 'limit_message', NEW.limit_message, 'retention_days', NEW.retention_days, 'visitor_memory', NEW.visitor_memory, 'answer_mode', NEW.answer_mode, 'contact', NEW.contact, 'min_pass_rate', NEW.min_pass_rate), NEW.updated_at, 'by_hand')
  ON CONFLICT (org_id, version) DO UPDATE
  SET created_at = IIF(config IS NULL, created_at, excluded.created_at), user_id = IIF(config IS NULL, user_id, NULL), cause = IIF(config IS NULL, cause, excluded.cause),
    reason = IIF(config IS NULL, reason, NULL), made_from = IIF(config IS NULL, made_from, NULL), config = excluded.config;
  DELETE FROM config_versions WHERE org_id = NEW.org_id AND version <= NEW.version - 200;
END;
INSERT INTO config_versions (org_id, version, config, created_at, cause)
SELECT org_id, version, json_object('display_name', display_name, 'timezone', timezone, 'locale', locale, 'brand_color', brand_color, 'logo_url', logo_url, 'greeting', greeting, 'suggested_questions', suggested_questions, 'instructions', instructions, 'fallback_message', fallback_message, 'limit_message', limit_message, 'retention_days', retention_days, 'visitor_memory', visitor_memory, 'answer_mode', answer_mode, 'contact', contact, 'min_pass_rate', min_pass_rate), updated_at, 'by_hand' FROM org_config WHERE true
ON CONFLICT (org_id, version) DO NOTHING;

-- A configuration that is not in force yet: what it changes of the one that is.
CREATE TABLE IF NOT EXISTS config_drafts (
  org_id TEXT PRIMARY KEY NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  changes TEXT -- JSON object of the fields as org_config would hold them; NULL = there is no draft
    CONSTRAINT "config_drafts.changes must be NULL or a JSON object" CHECK (changes IS NULL OR (json_valid(changes) AND json_type(changes) = 'object')),
  version INTEGER NOT NULL DEFAULT 1, -- counts the writes; the ETag
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_by TEXT -- Clerk user id
);

-- Questions with known right answers, asked of the bot on demand and every night.
CREATE TABLE IF NOT EXISTS golden_questions (
  org_id TEXT PRIMARY KEY NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  questions TEXT NOT NULL DEFAULT '[]' -- JSON array of ≤ 100 objects: question, must_contain, must_not_contain, source, expect
    CONSTRAINT "golden_questions.questions must be a JSON array" CHECK (json_valid(questions) AND json_type(questions) = 'array'),
  version INTEGER NOT NULL DEFAULT 1, -- counts the writes; the ETag
  nightly_date TEXT NOT NULL DEFAULT '', -- UTC day of the last nightly run; a trigger makes the run
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_by TEXT -- Clerk user id
);
CREATE INDEX IF NOT EXISTS golden_questions_by_night ON golden_questions (nightly_date, org_id);
CREATE TABLE IF NOT EXISTS golden_runs (
  id TEXT PRIMARY KEY NOT NULL DEFAULT (lower(hex(randomblob(16)))),
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'queued'
    CONSTRAINT "golden_runs.status must be queued, running, completed or incomplete" CHECK (status IN ('queued', 'running', 'completed', 'incomplete')),
  origin TEXT NOT NULL
    CONSTRAINT "golden_runs.origin must be on_demand or nightly" CHECK (origin IN ('on_demand', 'nightly')),
  is_draft INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "golden_runs.is_draft must be 0 or 1" CHECK (is_draft IN (0, 1)),
  config TEXT NOT NULL DEFAULT '{}' -- JSON object of the configuration that is asked, as config_versions holds it
    CONSTRAINT "golden_runs.config must be a JSON object" CHECK (json_valid(config) AND json_type(config) = 'object'),
  config_digest TEXT, -- SHA-256 of config as the portal writes it; NULL = nightly, which no publishing rests on
  total INTEGER NOT NULL DEFAULT 0, -- its questions
  asked INTEGER NOT NULL DEFAULT 0, -- of these, how many were answered
  passed INTEGER NOT NULL DEFAULT 0, -- of these, how many as they should be
  cost_usd_micros INTEGER NOT NULL DEFAULT 0,
  stopped_by TEXT -- why it is incomplete: model_unavailable, budget_exhausted, org_inactive, expired or internal
    CONSTRAINT "golden_runs.stopped_by must be NULL or a known cause" CHECK (stopped_by IS NULL OR stopped_by IN ('model_unavailable', 'budget_exhausted', 'org_inactive', 'expired', 'internal')),
  requested_by TEXT, -- Clerk user id; NULL = nightly
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  ended_at TEXT,
  busy_until TEXT NOT NULL DEFAULT '' -- instant until which a step may be at work on it
);
CREATE INDEX IF NOT EXISTS golden_runs_by_org ON golden_runs (org_id, created_at, id);
CREATE INDEX IF NOT EXISTS golden_runs_by_age ON golden_runs (created_at);
CREATE INDEX IF NOT EXISTS golden_runs_with_work ON golden_runs (busy_until, created_at) WHERE status IN ('queued', 'running');
CREATE INDEX IF NOT EXISTS golden_runs_with_draft ON golden_runs (org_id, created_at) WHERE is_draft = 1 AND status = 'completed';
-- One run of an org is under way at a time.
CREATE UNIQUE INDEX IF NOT EXISTS golden_runs_underway ON golden_runs (org_id) WHERE status IN ('queued', 'running');
CREATE TABLE IF NOT EXISTS golden_results (
  run_id TEXT NOT NULL REFERENCES golden_runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL, -- of the question in the list, from 0
  question TEXT NOT NULL, -- JSON object, as it stood in the list when the run was made
  verdict TEXT -- NULL = not asked yet
    CONSTRAINT "golden_results.verdict must be NULL, passed or failed" CHECK (verdict IS NULL OR verdict IN ('passed', 'failed')),
  faults TEXT NOT NULL DEFAULT '[]', -- JSON array of what was not as it should be
  answer TEXT, -- ≤ 4,000 characters
  finish TEXT,
  sources TEXT NOT NULL DEFAULT '[]', -- JSON array of the titles that the answer rests on
  PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
-- What the runs cost, apart from what visitors cost.
CREATE TABLE IF NOT EXISTS golden_usage (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  date TEXT NOT NULL, -- UTC day
  cost_usd_micros INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, date)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS golden_usage_by_age ON golden_usage (date);
-- A run takes its questions along as they are, whatever becomes of the list.
CREATE TRIGGER IF NOT EXISTS golden_runs_insert AFTER INSERT ON golden_runs
BEGIN
  INSERT INTO golden_results (run_id, position, question)
  SELECT NEW.id, item.key, item.value FROM golden_questions q JOIN json_each(q.questions) item WHERE q.org_id = NEW.org_id;
  UPDATE golden_runs SET total = (SELECT COUNT(*) FROM golden_results WHERE run_id = NEW.id) WHERE id = NEW.id;
END;
CREATE TRIGGER IF NOT EXISTS golden_questions_night AFTER UPDATE OF nightly_date ON golden_questions
WHEN NEW.nightly_date > OLD.nightly_date AND json_array_length(NEW.questions) > 0
BEGIN
  INSERT INTO golden_runs (org_id, origin, config)
  SELECT o.id, 'nightly', json_object('display_name', c.display_name, 'timezone', c.timezone, 'locale', c.locale, 'brand_color', c.brand_color, 'logo_url', c.logo_url, 'greeting', c.greeting, 'suggested_questions', c.suggested_questions, 'instructions', c.instructions, 'fallback_message', c.fallback_message, 'limit_message', c.limit_message, 'retention_days', c.retention_days, 'visitor_memory', c.visitor_memory, 'answer_mode', c.answer_mode, 'contact', c.contact, 'min_pass_rate', c.min_pass_rate)
  FROM orgs o
  LEFT JOIN org_config c ON c.org_id = o.id
  WHERE o.id = NEW.org_id AND o.status NOT IN ('churned', 'inactive')
    AND NOT EXISTS (SELECT 1 FROM golden_runs INDEXED BY golden_runs_underway WHERE org_id = NEW.org_id AND status IN ('queued', 'running'));
END;

INSERT OR IGNORE INTO schema_version (version) VALUES (8);
