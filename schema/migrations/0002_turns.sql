-- Turns under way: a reservation is a row with an id and an end, written with the visitor's message, so that neither can be lost.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 2)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

-- What was begun and is not yet booked. A row counts in usage_daily from its first moment: the triggers below see to it.
CREATE TABLE IF NOT EXISTS turns (
  id TEXT PRIMARY KEY NOT NULL, -- random UUID; of a chat turn the id of the answer's message
  kind TEXT NOT NULL
    CONSTRAINT "turns.kind must be chat, speech or note" CHECK (kind IN ('chat', 'speech', 'note')), -- note: booked already, kept so that a repeat is noticed
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  site_id TEXT NOT NULL REFERENCES portal_sites (id) ON DELETE CASCADE,
  session_id TEXT, -- chat: the conversation
  date TEXT NOT NULL, -- UTC day on which it is counted
  messages INTEGER NOT NULL DEFAULT 0, -- reserved of the plan; 0 = given back
  voice_characters INTEGER NOT NULL DEFAULT 0, -- as messages
  new_session INTEGER NOT NULL DEFAULT 0, -- chat: 1 = it begins the conversation
  new_visitor INTEGER NOT NULL DEFAULT 0, -- chat: 1 = the visitor's first on this day
  begun_at TEXT NOT NULL, -- instant
  expires_at TEXT NOT NULL -- instant from which on nobody will end it any more: the sweep settles it
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS turns_by_expiry ON turns (expires_at);
CREATE INDEX IF NOT EXISTS turns_by_session ON turns (session_id) WHERE session_id IS NOT NULL;

DROP TRIGGER IF EXISTS turns_insert;
CREATE TRIGGER turns_insert AFTER INSERT ON turns WHEN NEW.messages + NEW.voice_characters > 0
BEGIN
  INSERT INTO usage_daily (org_id, date, messages, voice_characters)
  VALUES (NEW.org_id, NEW.date, NEW.messages, NEW.voice_characters)
  ON CONFLICT (org_id, date) DO UPDATE
  SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters;
END;
-- A turn that is not answered gives back what it reserved. One that is answered is deleted as it stands, and stays counted.
DROP TRIGGER IF EXISTS turns_release;
CREATE TRIGGER turns_release AFTER UPDATE OF messages, voice_characters ON turns
BEGIN
  UPDATE usage_daily
  SET messages = MAX(0, messages + NEW.messages - OLD.messages), voice_characters = MAX(0, voice_characters + NEW.voice_characters - OLD.voice_characters)
  WHERE org_id = NEW.org_id AND date = NEW.date;
END;
-- Whoever erases a conversation ends its turns, uncounted: what was under way is not written any more.
DROP TRIGGER IF EXISTS chat_sessions_delete;
CREATE TRIGGER chat_sessions_delete AFTER DELETE ON chat_sessions
BEGIN
  UPDATE turns SET messages = 0, voice_characters = 0 WHERE session_id = OLD.id;
  DELETE FROM turns WHERE session_id = OLD.id;
END;

-- Staff's list of clients by status.
CREATE INDEX IF NOT EXISTS orgs_by_status ON orgs (status, name COLLATE NOCASE, id);

INSERT OR IGNORE INTO schema_version (version) VALUES (2);
