-- What a failed log line lost can be put back: what the sweep settled, and what was booked without a turn, leave a row by which
-- it is done once; an answer that was put back says so.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 20)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

-- What the sweep has settled, for as long as a line of the log may tell that it had been answered: by its row the answer is put back once.
CREATE TABLE IF NOT EXISTS swept_turns (
  id TEXT PRIMARY KEY NOT NULL, -- as in turns
  kind TEXT NOT NULL
    CONSTRAINT "swept_turns.kind must be chat or speech" CHECK (kind IN ('chat', 'speech')),
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  site_id TEXT NOT NULL,
  date TEXT NOT NULL, -- UTC day on which it is counted
  messages INTEGER NOT NULL, -- given back of the plan
  voice_characters INTEGER NOT NULL, -- as messages
  swept_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS swept_turns_by_org ON swept_turns (org_id);
CREATE INDEX IF NOT EXISTS swept_turns_by_age ON swept_turns (swept_at);

-- What was booked without a turn: a second booking of the same id is refused, however late it comes.
CREATE TABLE IF NOT EXISTS booking_notes (
  id TEXT PRIMARY KEY NOT NULL, -- random UUID, as the log line has it
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS booking_notes_by_age ON booking_notes (at);

-- How far the daily comparison of counters with rows has come: one row, or none before the first run.
CREATE TABLE IF NOT EXISTS reconciliation_state (
  id INTEGER PRIMARY KEY
    CONSTRAINT "reconciliation_state.id must be 1" CHECK (id = 1),
  date TEXT NOT NULL, -- UTC day of the run that began it; the two days before are compared
  after_org TEXT -- the org up to which it is done, by id; NULL = all are
);

ALTER TABLE chat_messages ADD COLUMN replayed_at TEXT;

INSERT OR IGNORE INTO schema_version (version) VALUES (20);
