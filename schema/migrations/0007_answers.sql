-- Answers: what decides whether an org's knowledge is shown whole, what a conversation is about, and how an owner wants to be answered for.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 7)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE plans ADD COLUMN knowledge_whole_tokens INTEGER
  CONSTRAINT "plans.knowledge_whole_tokens must be NULL or 0 to 8000" CHECK (knowledge_whole_tokens IS NULL OR (typeof(knowledge_whole_tokens) = 'integer' AND knowledge_whole_tokens BETWEEN 0 AND 8000));

ALTER TABLE orgs ADD COLUMN knowledge_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE orgs
SET knowledge_bytes = (
  SELECT COALESCE(SUM(octet_length(k.title) + octet_length(k.body) + 16), 0)
  FROM knowledge k INDEXED BY knowledge_by_org WHERE k.org_id = orgs.id);
DROP TRIGGER IF EXISTS knowledge_insert;
CREATE TRIGGER knowledge_insert AFTER INSERT ON knowledge
BEGIN
  UPDATE orgs
  SET knowledge_version = knowledge_version + 1, knowledge_passages = knowledge_passages + NEW.passages,
    knowledge_bytes = knowledge_bytes + octet_length(NEW.title) + octet_length(NEW.body) + 16
  WHERE id = NEW.org_id;
END;
DROP TRIGGER IF EXISTS knowledge_delete;
CREATE TRIGGER knowledge_delete AFTER DELETE ON knowledge
BEGIN
  UPDATE orgs
  SET knowledge_version = knowledge_version + 1, knowledge_passages = knowledge_passages - OLD.passages,
    knowledge_bytes = knowledge_bytes - octet_length(OLD.title) - octet_length(OLD.body) - 16
  WHERE id = OLD.org_id;
END;
DROP TRIGGER IF EXISTS knowledge_update;
CREATE TRIGGER knowledge_update AFTER UPDATE OF kind, title, question_key, body, source_url, passages ON knowledge
BEGIN
  UPDATE orgs
  SET knowledge_version = knowledge_version + 1, knowledge_passages = knowledge_passages + NEW.passages - OLD.passages,
    knowledge_bytes = knowledge_bytes + octet_length(NEW.title) + octet_length(NEW.body) - octet_length(OLD.title) - octet_length(OLD.body)
  WHERE id = NEW.org_id;
END;

ALTER TABLE org_config ADD COLUMN answer_mode TEXT
  CONSTRAINT "org_config.answer_mode must be NULL, strict or free" CHECK (answer_mode IS NULL OR answer_mode IN ('strict', 'free'));
ALTER TABLE org_config ADD COLUMN contact TEXT;
DROP TRIGGER IF EXISTS org_config_version;
CREATE TRIGGER org_config_version AFTER UPDATE OF display_name, timezone, locale, brand_color, logo_url, greeting,
  suggested_questions, instructions, fallback_message, limit_message, retention_days, visitor_memory, answer_mode, contact ON org_config
WHEN NEW.version = OLD.version
BEGIN UPDATE org_config SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE org_id = NEW.org_id; END;

ALTER TABLE chat_sessions ADD COLUMN topic TEXT
  CONSTRAINT "chat_sessions.topic must be NULL or a JSON array" CHECK (topic IS NULL OR (json_valid(topic) AND json_type(topic) = 'array'));

INSERT OR IGNORE INTO schema_version (version) VALUES (7);
