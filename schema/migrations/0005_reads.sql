-- Reads leave a trace in the audit log, and a customer says how long a browser remembers its conversation.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 5)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

-- audit_log anew: its CHECK lets in who reads. Nothing refers to it, and every row stays under its id.
CREATE TABLE audit_log_0005 (
  id INTEGER PRIMARY KEY,
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), -- of an hour's reads: the first of them
  user_id TEXT NOT NULL, -- Clerk user id, or stripe
  acting_as TEXT NOT NULL -- impersonated: somebody else, see impersonator_id, in the name of user_id
    CONSTRAINT "audit_log.acting_as must be member, admin, staff, impersonated or stripe" CHECK (acting_as IN ('member', 'admin', 'staff', 'impersonated', 'stripe')),
  action TEXT NOT NULL, -- such as config.update
  target TEXT, -- id of what was written or read
  fields TEXT NOT NULL DEFAULT '[]', -- JSON array of the fields' names, never their values
  impersonator_id TEXT NOT NULL DEFAULT '', -- Clerk user id of whoever acted in the name of user_id; '' = nobody did
  hour TEXT, -- of a read: its UTC hour, 2026-01-31T12; all reads of an hour alike are one row. NULL = a row of its own
  reads INTEGER NOT NULL DEFAULT 1, -- how many reads the row stands for
  last_at TEXT, -- instant of the last of them; NULL = at
  kind TEXT NOT NULL GENERATED ALWAYS AS (iif(action GLOB '*.read' OR action GLOB '*.list' OR action = 'export.create', 'read', 'write')) VIRTUAL
);
INSERT INTO audit_log_0005 (id, org_id, at, user_id, acting_as, action, target, fields)
  SELECT id, org_id, at, user_id, acting_as, action, target, fields FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_0005 RENAME TO audit_log;
-- One for each way in which the log is asked for, by time; without a kind both kinds are asked for. The first serves the worker of
-- schema version 4 as well, which names it.
CREATE INDEX audit_log_by_org ON audit_log (org_id, kind, at);
CREATE INDEX audit_log_by_action ON audit_log (org_id, action, at);
CREATE INDEX audit_log_by_user ON audit_log (org_id, user_id, kind, at);
CREATE INDEX audit_log_by_user_action ON audit_log (org_id, user_id, action, at);
CREATE INDEX audit_log_by_age ON audit_log (at);
CREATE UNIQUE INDEX audit_log_by_hour ON audit_log (org_id, user_id, acting_as, impersonator_id, action, target, hour) WHERE hour IS NOT NULL;

ALTER TABLE org_config ADD COLUMN visitor_memory TEXT
    CONSTRAINT "org_config.visitor_memory must be NULL, device, tab or none" CHECK (visitor_memory IS NULL OR visitor_memory IN ('device', 'tab', 'none'));
DROP TRIGGER IF EXISTS org_config_version;
CREATE TRIGGER org_config_version AFTER UPDATE OF display_name, timezone, locale, brand_color, logo_url, greeting,
  suggested_questions, instructions, fallback_message, limit_message, retention_days, visitor_memory ON org_config
WHEN NEW.version = OLD.version
BEGIN UPDATE org_config SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE org_id = NEW.org_id; END;
ALTER TABLE portal_sites ADD COLUMN visitor_memory TEXT
    CONSTRAINT "portal_sites.visitor_memory must be NULL, device, tab or none" CHECK (visitor_memory IS NULL OR visitor_memory IN ('device', 'tab', 'none'));
DROP TRIGGER IF EXISTS portal_sites_version;
CREATE TRIGGER portal_sites_version AFTER UPDATE OF site_key, name, status, allowed_origins, agent_id, model, instructions, greeting,
  suggested_questions, brand_color, visitor_memory ON portal_sites
WHEN NEW.version = OLD.version
BEGIN UPDATE portal_sites SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = NEW.id; END;

INSERT OR IGNORE INTO schema_version (version) VALUES (5);
