-- Erasure without a trace of words, by conversation, visitor, lead and customer, and a random name for each visitor. The version before
-- goes on beginning sessions, which get their visitors by the trigger, and erasing conversations.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 6)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE orgs ADD COLUMN cache_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orgs ADD COLUMN erasure_id TEXT;
CREATE INDEX IF NOT EXISTS orgs_with_erasure ON orgs (erasure_id) WHERE erasure_id IS NOT NULL;
ALTER TABLE chat_sessions ADD COLUMN erasure_id TEXT;
CREATE INDEX IF NOT EXISTS chat_sessions_by_org_visitor ON chat_sessions (org_id, visitor_id);
ALTER TABLE chat_messages ADD COLUMN is_unanswered INTEGER;

CREATE TABLE IF NOT EXISTS visitors (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  visitor_id TEXT NOT NULL, -- as in chat_sessions
  visitor TEXT NOT NULL DEFAULT (lower(hex(randomblob(8)))),
  erased_at TEXT, -- instant; set = the visitor was erased: sessions begun until then are read by nobody, and go step by step
  erasure_id TEXT, -- as in chat_sessions
  PRIMARY KEY (org_id, visitor_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS visitors_by_name ON visitors (org_id, visitor);
CREATE INDEX IF NOT EXISTS visitors_with_erasure ON visitors (erased_at) WHERE erased_at IS NOT NULL;
CREATE TRIGGER IF NOT EXISTS chat_sessions_insert AFTER INSERT ON chat_sessions
BEGIN
  INSERT INTO visitors (org_id, visitor_id) VALUES (NEW.org_id, NEW.visitor_id) ON CONFLICT (org_id, visitor_id) DO NOTHING;
END;
INSERT INTO visitors (org_id, visitor_id) SELECT DISTINCT org_id, visitor_id FROM chat_sessions WHERE true
  ON CONFLICT (org_id, visitor_id) DO NOTHING;

CREATE TABLE IF NOT EXISTS erasures (
  id TEXT PRIMARY KEY NOT NULL, -- random UUID
  at TEXT NOT NULL, -- instant at which it began
  kind TEXT NOT NULL
    CONSTRAINT "erasures.kind must be conversation, visitor, lead or client" CHECK (kind IN ('conversation', 'visitor', 'lead', 'client')),
  org_id TEXT NOT NULL,
  user_id TEXT NOT NULL, -- Clerk user id
  conversations INTEGER NOT NULL DEFAULT 0, -- erased so far, as are the next three
  messages INTEGER NOT NULL DEFAULT 0,
  leads INTEGER NOT NULL DEFAULT 0,
  other_rows INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS erasures_by_age ON erasures (at);

-- What one of staff was given to erase a customer with.
CREATE TABLE IF NOT EXISTS erasure_tokens (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL, -- who may use it, Clerk user id
  token_digest TEXT NOT NULL, -- SHA-256 of the token, hexadecimal
  expires_at TEXT NOT NULL, -- instant
  PRIMARY KEY (org_id, user_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS erasure_tokens_by_age ON erasure_tokens (expires_at);

DROP TRIGGER IF EXISTS chat_sessions_delete;
CREATE TRIGGER chat_sessions_delete AFTER DELETE ON chat_sessions
BEGIN
  UPDATE turns SET messages = 0, voice_characters = 0, cost_usd_micros = 0 WHERE session_id = OLD.id;
  DELETE FROM turns WHERE session_id = OLD.id;
  DELETE FROM visitors WHERE org_id = OLD.org_id AND visitor_id = OLD.visitor_id
    AND NOT EXISTS (SELECT 1 FROM chat_sessions c WHERE c.org_id = OLD.org_id AND c.visitor_id = OLD.visitor_id);
  UPDATE erasures SET conversations = conversations + 1, messages = messages + OLD.message_count WHERE id = OLD.erasure_id;
END;

INSERT OR IGNORE INTO schema_version (version) VALUES (6);
