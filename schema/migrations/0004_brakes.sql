-- Brakes and shares: what an org may cost a day, what one client may use of it, and how long its plan may converse. A turn and a
-- conversation reserve the most that they may cost; the version before goes on writing turns that reserve nothing of a brake.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 4)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE plans ADD COLUMN monthly_conversation_seconds INTEGER DEFAULT 0
  CONSTRAINT "plans.monthly_conversation_seconds must be NULL or a whole number from 0" CHECK (monthly_conversation_seconds IS NULL OR (typeof(monthly_conversation_seconds) = 'integer' AND monthly_conversation_seconds >= 0));
ALTER TABLE plans ADD COLUMN daily_budget_usd_micros INTEGER NOT NULL DEFAULT 15000000
  CONSTRAINT "plans.daily_budget_usd_micros must be a whole number from 0" CHECK (typeof(daily_budget_usd_micros) = 'integer' AND daily_budget_usd_micros >= 0);
UPDATE plans
SET monthly_conversation_seconds = CASE id WHEN 'chatbot' THEN 0 WHEN 'voice' THEN 30000 END,
  daily_budget_usd_micros = CASE id WHEN 'voice' THEN 30000000 WHEN 'enterprise' THEN 150000000 ELSE 15000000 END;
ALTER TABLE orgs ADD COLUMN client_share_percent INTEGER NOT NULL DEFAULT 20
  CONSTRAINT "orgs.client_share_percent must be 1 to 100" CHECK (typeof(client_share_percent) = 'integer' AND client_share_percent BETWEEN 1 AND 100);
ALTER TABLE orgs ADD COLUMN daily_budget_usd_micros INTEGER
  CONSTRAINT "orgs.daily_budget_usd_micros must be NULL or a whole number from 0" CHECK (daily_budget_usd_micros IS NULL OR (typeof(daily_budget_usd_micros) = 'integer' AND daily_budget_usd_micros >= 0));

ALTER TABLE usage_daily ADD COLUMN conversation_seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_daily ADD COLUMN cost_usd_micros INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_monthly ADD COLUMN conversation_seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE legacy_usage ADD COLUMN cost_usd_micros INTEGER NOT NULL DEFAULT 0;
CREATE TABLE IF NOT EXISTS usage_clients (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  date TEXT NOT NULL, -- UTC day
  client TEXT NOT NULL, -- keyed digest of day and address, see workers/lib/site/client.ts
  messages INTEGER NOT NULL DEFAULT 0,
  voice_characters INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, date, client)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS usage_clients_by_age ON usage_clients (date);
CREATE TABLE IF NOT EXISTS usage_deployment (
  date TEXT PRIMARY KEY NOT NULL, -- UTC day
  cost_usd_micros INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

DROP TRIGGER IF EXISTS usage_daily_insert;
CREATE TRIGGER usage_daily_insert AFTER INSERT ON usage_daily
BEGIN
  INSERT INTO usage_monthly (org_id, month, messages, voice_characters, conversation_seconds)
  VALUES (NEW.org_id, substr(NEW.date, 1, 7), NEW.messages, NEW.voice_characters, NEW.conversation_seconds)
  ON CONFLICT (org_id, month) DO UPDATE
  SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters,
    conversation_seconds = conversation_seconds + excluded.conversation_seconds;
  INSERT INTO usage_deployment (date, cost_usd_micros) SELECT NEW.date, NEW.cost_usd_micros WHERE NEW.cost_usd_micros > 0
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros;
END;
DROP TRIGGER IF EXISTS usage_daily_update;
CREATE TRIGGER usage_daily_update AFTER UPDATE OF messages, voice_characters, conversation_seconds ON usage_daily
BEGIN
  INSERT INTO usage_monthly (org_id, month, messages, voice_characters, conversation_seconds)
  VALUES (NEW.org_id, substr(NEW.date, 1, 7), NEW.messages - OLD.messages, NEW.voice_characters - OLD.voice_characters,
    NEW.conversation_seconds - OLD.conversation_seconds)
  ON CONFLICT (org_id, month) DO UPDATE
  SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters,
    conversation_seconds = conversation_seconds + excluded.conversation_seconds;
END;
DROP TRIGGER IF EXISTS usage_daily_cost;
CREATE TRIGGER usage_daily_cost AFTER UPDATE OF cost_usd_micros ON usage_daily
WHEN NEW.cost_usd_micros <> OLD.cost_usd_micros
BEGIN
  INSERT INTO usage_deployment (date, cost_usd_micros) VALUES (NEW.date, MAX(0, NEW.cost_usd_micros - OLD.cost_usd_micros))
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = MAX(0, cost_usd_micros + NEW.cost_usd_micros - OLD.cost_usd_micros);
END;
DROP TRIGGER IF EXISTS usage_daily_delete;
CREATE TRIGGER usage_daily_delete AFTER DELETE ON usage_daily
BEGIN
  UPDATE usage_monthly
  SET messages = messages - OLD.messages, voice_characters = voice_characters - OLD.voice_characters,
    conversation_seconds = conversation_seconds - OLD.conversation_seconds
  WHERE org_id = OLD.org_id AND month = substr(OLD.date, 1, 7);
END;
DROP TRIGGER IF EXISTS legacy_usage_insert;
CREATE TRIGGER legacy_usage_insert AFTER INSERT ON legacy_usage WHEN NEW.cost_usd_micros > 0
BEGIN
  INSERT INTO usage_deployment (date, cost_usd_micros) VALUES (NEW.date, NEW.cost_usd_micros)
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros;
END;
DROP TRIGGER IF EXISTS legacy_usage_cost;
CREATE TRIGGER legacy_usage_cost AFTER UPDATE OF cost_usd_micros ON legacy_usage WHEN NEW.cost_usd_micros <> OLD.cost_usd_micros
BEGIN
  INSERT INTO usage_deployment (date, cost_usd_micros) VALUES (NEW.date, MAX(0, NEW.cost_usd_micros - OLD.cost_usd_micros))
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = MAX(0, cost_usd_micros + NEW.cost_usd_micros - OLD.cost_usd_micros);
END;

ALTER TABLE turns ADD COLUMN client TEXT;
ALTER TABLE turns ADD COLUMN cost_usd_micros INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN booked_usd_micros INTEGER;
ALTER TABLE turns ADD COLUMN brake_percent INTEGER;
DROP TRIGGER IF EXISTS turns_insert;
CREATE TRIGGER turns_insert AFTER INSERT ON turns WHEN NEW.messages + NEW.voice_characters + NEW.cost_usd_micros > 0
BEGIN
  INSERT INTO usage_daily (org_id, date, messages, voice_characters, cost_usd_micros)
  VALUES (NEW.org_id, NEW.date, NEW.messages, NEW.voice_characters, NEW.cost_usd_micros)
  ON CONFLICT (org_id, date) DO UPDATE
  SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters,
    cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros;
  INSERT INTO usage_clients (org_id, date, client, messages, voice_characters)
  SELECT NEW.org_id, NEW.date, NEW.client, NEW.messages, NEW.voice_characters WHERE NEW.client IS NOT NULL
  ON CONFLICT (org_id, date, client) DO UPDATE
  SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters;
END;
DROP TRIGGER IF EXISTS turns_release;
CREATE TRIGGER turns_release AFTER UPDATE OF messages, voice_characters ON turns
BEGIN
  UPDATE usage_daily
  SET messages = MAX(0, messages + NEW.messages - OLD.messages), voice_characters = MAX(0, voice_characters + NEW.voice_characters - OLD.voice_characters),
    cost_usd_micros = MAX(0, cost_usd_micros + NEW.cost_usd_micros - OLD.cost_usd_micros)
  WHERE org_id = NEW.org_id AND date = NEW.date;
  UPDATE usage_clients
  SET messages = MAX(0, messages + NEW.messages - OLD.messages), voice_characters = MAX(0, voice_characters + NEW.voice_characters - OLD.voice_characters)
  WHERE org_id = NEW.org_id AND date = NEW.date AND client = NEW.client;
END;
DROP TRIGGER IF EXISTS turns_book;
CREATE TRIGGER turns_book AFTER UPDATE OF booked_usd_micros ON turns
BEGIN
  UPDATE usage_daily SET cost_usd_micros = MAX(0, cost_usd_micros + NEW.booked_usd_micros - NEW.cost_usd_micros)
  WHERE org_id = NEW.org_id AND date = NEW.date;
  DELETE FROM turns WHERE id = NEW.id;
END;
DROP TRIGGER IF EXISTS chat_sessions_delete;
CREATE TRIGGER chat_sessions_delete AFTER DELETE ON chat_sessions
BEGIN
  UPDATE turns SET messages = 0, voice_characters = 0, cost_usd_micros = 0 WHERE session_id = OLD.id;
  DELETE FROM turns WHERE session_id = OLD.id;
END;

ALTER TABLE voice_sessions ADD COLUMN reserved_seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE voice_sessions ADD COLUMN reserved_usd_micros INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER IF EXISTS voice_sessions_insert;
CREATE TRIGGER voice_sessions_insert AFTER INSERT ON voice_sessions
WHEN NEW.status = 'open' AND NEW.reserved_seconds + NEW.reserved_usd_micros > 0
BEGIN
  INSERT INTO usage_daily (org_id, date, conversation_seconds, cost_usd_micros)
  VALUES (NEW.org_id, substr(NEW.opened_at, 1, 10), NEW.reserved_seconds, NEW.reserved_usd_micros)
  ON CONFLICT (org_id, date) DO UPDATE
  SET conversation_seconds = conversation_seconds + excluded.conversation_seconds, cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros;
END;
DROP TRIGGER IF EXISTS voice_sessions_close;
CREATE TRIGGER voice_sessions_close AFTER UPDATE OF status ON voice_sessions
WHEN OLD.status = 'open' AND NEW.status <> 'open'
BEGIN
  UPDATE usage_daily
  SET conversation_seconds = MAX(0, conversation_seconds + COALESCE(NEW.duration_seconds, 0) - NEW.reserved_seconds),
    cost_usd_micros = MAX(0, cost_usd_micros - NEW.reserved_usd_micros + COALESCE(
      NEW.cost_usd_micros, NEW.duration_seconds * NEW.reserved_usd_micros / NULLIF(NEW.reserved_seconds, 0), 0))
  WHERE org_id = NEW.org_id AND date = substr(NEW.opened_at, 1, 10);
END;

INSERT OR IGNORE INTO schema_version (version) VALUES (4);
