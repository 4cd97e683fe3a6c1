-- Conversations are found by their words, by their rating, by what had no answer and by who left an address.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 22)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE chat_sessions ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat_sessions ADD COLUMN leads INTEGER NOT NULL DEFAULT 0;
UPDATE chat_sessions SET unanswered = counted.n
FROM (SELECT session_id, COUNT(*) AS n FROM chat_messages WHERE is_unanswered = 1 GROUP BY session_id) counted
WHERE chat_sessions.id = counted.session_id;
UPDATE chat_sessions SET leads = 1 FROM leads l WHERE l.session_id = chat_sessions.id AND l.org_id = chat_sessions.org_id;

-- What a list of conversations is filtered by, so that a page of it reads no messages and no leads.
CREATE INDEX chat_sessions_with_up ON chat_sessions (org_id, started_at, id) WHERE rating_up > 0;
CREATE INDEX chat_sessions_with_down ON chat_sessions (org_id, started_at, id) WHERE rating_down > 0;
CREATE INDEX chat_sessions_with_unanswered ON chat_sessions (org_id, started_at, id) WHERE unanswered > 0;
CREATE INDEX chat_sessions_with_lead ON chat_sessions (org_id, started_at, id) WHERE leads > 0;
CREATE TRIGGER chat_messages_unanswered_insert AFTER INSERT ON chat_messages
WHEN NEW.is_unanswered = 1
BEGIN UPDATE chat_sessions SET unanswered = unanswered + 1 WHERE id = NEW.session_id; END;
CREATE TRIGGER chat_messages_unanswered_update AFTER UPDATE OF is_unanswered ON chat_messages
WHEN (NEW.is_unanswered IS 1) <> (OLD.is_unanswered IS 1)
BEGIN
  UPDATE chat_sessions SET unanswered = unanswered + (NEW.is_unanswered IS 1) - (OLD.is_unanswered IS 1) WHERE id = NEW.session_id;
END;
CREATE TRIGGER leads_insert AFTER INSERT ON leads
WHEN NEW.session_id IS NOT NULL
BEGIN UPDATE chat_sessions SET leads = leads + 1 WHERE id = NEW.session_id AND org_id = NEW.org_id; END;
CREATE TRIGGER leads_delete AFTER DELETE ON leads
WHEN OLD.session_id IS NOT NULL
BEGIN UPDATE chat_sessions SET leads = MAX(0, leads - 1) WHERE id = OLD.session_id AND org_id = OLD.org_id; END;

-- The words of conversations, by which they are found. Filled by the portal's run of every five minutes, never in a turn.
CREATE TABLE session_index (
  number INTEGER PRIMARY KEY NOT NULL, -- of the session: epoch ms of started_at * 1024, and up to 1023 more, so that numbers sort by it
  org_id TEXT NOT NULL, -- as the session has it
  session_id TEXT NOT NULL UNIQUE REFERENCES chat_sessions (id) ON DELETE CASCADE,
  terms TEXT NOT NULL -- JSON list of all terms that session_terms has of it, by which they are found when it goes
    CONSTRAINT "session_index.terms must be a JSON array" CHECK (json_valid(terms) AND json_type(terms) = 'array')
);
CREATE TABLE session_terms (
  org_id TEXT NOT NULL,
  term TEXT NOT NULL, -- see workers/lib/knowledge/terms.ts
  number INTEGER NOT NULL, -- in session_index
  place INTEGER NOT NULL, -- rowid of the first message that has it, a hint: a database that was exported and imported has others
  PRIMARY KEY (org_id, term, number)
) WITHOUT ROWID;
CREATE TRIGGER session_index_delete AFTER DELETE ON session_index
BEGIN
  DELETE FROM session_terms WHERE org_id = OLD.org_id AND number = OLD.number AND term IN (SELECT value FROM json_each(OLD.terms));
END;

-- How far the messages are indexed: one row, or none before the first run.
CREATE TABLE session_index_state (
  id INTEGER PRIMARY KEY
    CONSTRAINT "session_index_state.id must be 1" CHECK (id = 1),
  indexed_through INTEGER NOT NULL DEFAULT 0, -- rowid in chat_messages: all up to it are indexed
  message_id TEXT, -- of the message there; another one there = the database was made anew from an export. NULL = it has gone
  searchable_until TEXT -- instant until which what was said is found
);
-- The rowids of the newest messages are used again once these have gone.
CREATE TRIGGER chat_messages_delete AFTER DELETE ON chat_messages
WHEN OLD.rowid >= (SELECT indexed_through FROM session_index_state WHERE id = 1)
BEGIN
  UPDATE session_index_state
  SET message_id = iif(EXISTS (SELECT 1 FROM chat_messages m WHERE m.rowid = indexed_through), message_id, NULL),
    indexed_through = MIN(indexed_through, COALESCE((SELECT MAX(rowid) FROM chat_messages), 0))
  WHERE id = 1;
END;

INSERT OR IGNORE INTO schema_version (version) VALUES (22);
