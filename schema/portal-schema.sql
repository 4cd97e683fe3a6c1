-- koby-portal-db: every table, index and trigger, the plans, and two sample customers.
-- Safe to run again on a live database: it creates what is missing and changes nothing that is there.
-- Instants are ISO 8601 UTC text with milliseconds; dates are UTC days; money is integer micro-USD; durations carry their unit.
-- Plain tables only: `wrangler d1 export` refuses virtual ones.

CREATE TABLE IF NOT EXISTS schema_version (
  version INTEGER PRIMARY KEY, -- one row for each migration; the largest is the version of the database
  seeding INTEGER NOT NULL DEFAULT 0 -- 1 only while this file inserts the sample customers
);
-- This file creates; a database in use moves on by schema/migrations. So it stops at one of an older schema, before it changes anything.
DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 22)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;
UPDATE schema_version SET seeding = seeding;
-- Version and migration records come only into a database without tables: it has what all migrations together make.
INSERT INTO schema_version (version)
  SELECT column1 FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19), (20), (21), (22)) WHERE NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'orgs');
CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL); -- wrangler's own
INSERT INTO d1_migrations (name)
  SELECT column1 FROM (VALUES ('0001_adopt.sql'), ('0002_turns.sql'), ('0003_retention.sql'), ('0004_brakes.sql'), ('0005_reads.sql'), ('0006_erasure.sql'), ('0007_answers.sql'), ('0008_config_versions.sql'), ('0009_wordings.sql'), ('0010_vectors.sql'), ('0011_spellings.sql'), ('0012_safeguards.sql'), ('0013_safety.sql'), ('0014_people.sql'), ('0015_consent.sql'), ('0016_term_counts.sql'), ('0017_appearance.sql'), ('0018_sources.sql'), ('0019_cron_runs.sql'), ('0020_recovery.sql'), ('0021_clients.sql'), ('0022_find.sql')) WHERE NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'orgs');

-- ------------------------------------------------------------------ customers

CREATE TABLE IF NOT EXISTS plans (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL, -- as shown on the billing page
  monthly_messages INTEGER -- answered chat turns a UTC month; NULL = no limit; a tenth of it is the limit of a UTC day
    CONSTRAINT "plans.monthly_messages must be NULL or a whole number from 0" CHECK (monthly_messages IS NULL OR (typeof(monthly_messages) = 'integer' AND monthly_messages >= 0)),
  monthly_voice_characters INTEGER -- spoken code points a UTC month; NULL = no limit; a tenth of it is the limit of a UTC day
    CONSTRAINT "plans.monthly_voice_characters must be NULL or a whole number from 0" CHECK (monthly_voice_characters IS NULL OR (typeof(monthly_voice_characters) = 'integer' AND monthly_voice_characters >= 0)),
  stripe_lookup_key TEXT UNIQUE, -- lookup_key of the Stripe price; NULL = not sold by Stripe
  monthly_conversation_seconds INTEGER DEFAULT 0 -- of voice conversations a UTC month; NULL = no limit, 0 = none
    CONSTRAINT "plans.monthly_conversation_seconds must be NULL or a whole number from 0" CHECK (monthly_conversation_seconds IS NULL OR (typeof(monthly_conversation_seconds) = 'integer' AND monthly_conversation_seconds >= 0)),
  daily_budget_usd_micros INTEGER NOT NULL DEFAULT 15000000 -- the brake: what an org may cost on a UTC day
    CONSTRAINT "plans.daily_budget_usd_micros must be a whole number from 0" CHECK (typeof(daily_budget_usd_micros) = 'integer' AND daily_budget_usd_micros >= 0),
  knowledge_whole_tokens INTEGER -- knowledge of at most so many tokens (four bytes each) is shown to the model whole; NULL = the chat's own variable
    CONSTRAINT "plans.knowledge_whole_tokens must be NULL or 0 to 8000" CHECK (knowledge_whole_tokens IS NULL OR (typeof(knowledge_whole_tokens) = 'integer' AND knowledge_whole_tokens BETWEEN 0 AND 8000)),
  monthly_price_usd_micros INTEGER -- what it costs a customer a month, for staff's lists; NULL = not known. What is charged stands at Stripe
    CONSTRAINT "plans.monthly_price_usd_micros must be NULL or a whole number from 0" CHECK (monthly_price_usd_micros IS NULL OR (typeof(monthly_price_usd_micros) = 'integer' AND monthly_price_usd_micros >= 0))
);

-- INSERT OR REPLACE deletes the row it replaces, and with it whatever it does not name and, by the foreign keys, everything that
-- hangs on it. Triggers such as this stand in its way where that would hurt; the price is that INSERT OR IGNORE is refused as well.
CREATE TRIGGER IF NOT EXISTS plans_taken_insert BEFORE INSERT ON plans
WHEN EXISTS (SELECT 1 FROM plans WHERE id = NEW.id OR stripe_lookup_key = NEW.stripe_lookup_key)
BEGIN SELECT RAISE(ABORT, 'plans.id or plans.stripe_lookup_key is taken; to change a row, use UPDATE'); END;

CREATE TABLE IF NOT EXISTS orgs (
  id TEXT PRIMARY KEY NOT NULL
    CONSTRAINT "orgs.id must be 1 to 64 letters, digits, _ or -" CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^A-Za-z0-9_-]*'),
  name TEXT NOT NULL
    CONSTRAINT "orgs.name must be 1 to 200 characters, not all blank" CHECK (length(name) BETWEEN 1 AND 200 AND trim(name) <> ''),
  slug TEXT NOT NULL UNIQUE
    CONSTRAINT "orgs.slug must be 1 to 64 lower-case letters, digits or -" CHECK (length(slug) BETWEEN 1 AND 64 AND slug NOT GLOB '*[^a-z0-9-]*'),
  plan TEXT NOT NULL DEFAULT 'chatbot' REFERENCES plans (id),
  status TEXT NOT NULL DEFAULT 'active'
    CONSTRAINT "orgs.status must be one of trialing, active, past_due, inactive, churned" CHECK (status IN ('trialing', 'active', 'past_due', 'inactive', 'churned')),
  status_locked INTEGER NOT NULL DEFAULT 0 -- 1 = staff decide plan and status; Stripe never overrides
    CONSTRAINT "orgs.status_locked must be 0 or 1" CHECK (status_locked IN (0, 1)),
  clerk_org_id TEXT UNIQUE -- Clerk's id of the organization, org_2…; NULL = not tied to Clerk
    CONSTRAINT "orgs.clerk_org_id must be NULL or org_ and letters and digits" CHECK (clerk_org_id IS NULL OR (clerk_org_id GLOB 'org_?*' AND substr(clerk_org_id, 5) NOT GLOB '*[^A-Za-z0-9]*')),
  stripe_customer_id TEXT UNIQUE -- cus_…
    CONSTRAINT "orgs.stripe_customer_id must be NULL or cus_ and letters, digits or _" CHECK (stripe_customer_id IS NULL OR (stripe_customer_id GLOB 'cus_?*' AND stripe_customer_id NOT GLOB '*[^A-Za-z0-9_]*')),
  stripe_subscription_id TEXT, -- sub_… that plan and status were last read from
  stripe_status TEXT, -- of that subscription, in Stripe's words; staff may give the org another
  stripe_synced_at TEXT, -- instant just before Stripe was last read; an older reading never overwrites a newer one
  current_period_end TEXT, -- instant; end of the paid period
  cancel_at TEXT, -- instant at which the subscription ends; NULL = it goes on
  knowledge_version INTEGER NOT NULL DEFAULT 0, -- counts the changes of its knowledge, kept by triggers; part of the key of cached answers
  knowledge_passages INTEGER NOT NULL DEFAULT 0, -- rows in knowledge_passages, kept by triggers; tells how rare a term is
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  client_share_percent INTEGER NOT NULL DEFAULT 20 -- of a day's messages and voice characters, what one client address may use; 100 = all
    CONSTRAINT "orgs.client_share_percent must be 1 to 100" CHECK (typeof(client_share_percent) = 'integer' AND client_share_percent BETWEEN 1 AND 100),
  daily_budget_usd_micros INTEGER -- as in plans; NULL = the plan's
    CONSTRAINT "orgs.daily_budget_usd_micros must be NULL or a whole number from 0" CHECK (daily_budget_usd_micros IS NULL OR (typeof(daily_budget_usd_micros) = 'integer' AND daily_budget_usd_micros >= 0)),
  cache_epoch INTEGER NOT NULL DEFAULT 0, -- raised by each erasure: an answer cached before it is given no more
  erasure_id TEXT, -- in erasures; set = staff have erased it: nobody finds it any more, and its rows go step by step
  knowledge_bytes INTEGER NOT NULL DEFAULT 0, -- of its knowledge as the model is shown it whole: titles, texts and 16 for each entry, kept by triggers
  knowledge_vectors INTEGER NOT NULL DEFAULT 0, -- rows in knowledge_vectors, kept by triggers; 0 = no question need be embedded
  monthly_price_usd_micros INTEGER -- as in plans; NULL = the plan's
    CONSTRAINT "orgs.monthly_price_usd_micros must be NULL or a whole number from 0" CHECK (monthly_price_usd_micros IS NULL OR (typeof(monthly_price_usd_micros) = 'integer' AND monthly_price_usd_micros >= 0))
);
CREATE INDEX IF NOT EXISTS orgs_with_erasure ON orgs (erasure_id) WHERE erasure_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS orgs_by_name ON orgs (name COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS orgs_by_status ON orgs (status, name COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS orgs_by_plan ON orgs (plan, name COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS orgs_by_plan_and_status ON orgs (plan, status, name COLLATE NOCASE, id);

CREATE TRIGGER IF NOT EXISTS orgs_taken_insert BEFORE INSERT ON orgs
WHEN EXISTS (SELECT 1 FROM orgs WHERE id = NEW.id OR slug = NEW.slug OR clerk_org_id = NEW.clerk_org_id OR stripe_customer_id = NEW.stripe_customer_id)
BEGIN SELECT RAISE(ABORT, 'orgs.id, orgs.slug, orgs.clerk_org_id or orgs.stripe_customer_id is taken; to change a row, use UPDATE'); END;
CREATE TRIGGER IF NOT EXISTS orgs_plan_insert BEFORE INSERT ON orgs
WHEN NOT EXISTS (SELECT 1 FROM plans WHERE id = NEW.plan)
BEGIN SELECT RAISE(ABORT, 'orgs.plan must be one of chatbot, voice, enterprise'); END;
CREATE TRIGGER IF NOT EXISTS orgs_plan_update BEFORE UPDATE OF plan ON orgs
WHEN NOT EXISTS (SELECT 1 FROM plans WHERE id = NEW.plan)
BEGIN SELECT RAISE(ABORT, 'orgs.plan must be one of chatbot, voice, enterprise'); END;
-- A token's organization is looked up in both columns, so no id may stand in the other column of another row.
CREATE TRIGGER IF NOT EXISTS orgs_clerk_insert BEFORE INSERT ON orgs
WHEN EXISTS (SELECT 1 FROM orgs WHERE id = NEW.clerk_org_id AND id <> NEW.id) OR EXISTS (SELECT 1 FROM orgs WHERE clerk_org_id = NEW.id AND id <> NEW.id)
BEGIN SELECT RAISE(ABORT, 'orgs.clerk_org_id must not be the id of another row, nor orgs.id another row''s clerk_org_id'); END;
CREATE TRIGGER IF NOT EXISTS orgs_clerk_update BEFORE UPDATE OF id, clerk_org_id ON orgs
WHEN EXISTS (SELECT 1 FROM orgs WHERE id = NEW.clerk_org_id AND id <> OLD.id) OR EXISTS (SELECT 1 FROM orgs WHERE clerk_org_id = NEW.id AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'orgs.clerk_org_id must not be the id of another row, nor orgs.id another row''s clerk_org_id'); END;

-- What a customer may change. NULL (or no row) = the default, which the workers know.
CREATE TABLE IF NOT EXISTS org_config (
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
  updated_by TEXT, -- Clerk user id
  visitor_memory TEXT -- how long a browser remembers its conversation; NULL = device
    CONSTRAINT "org_config.visitor_memory must be NULL, device, tab or none" CHECK (visitor_memory IS NULL OR visitor_memory IN ('device', 'tab', 'none')),
  answer_mode TEXT -- strict: only from what the owner has written; free: else from what is generally known; NULL = strict
    CONSTRAINT "org_config.answer_mode must be NULL, strict or free" CHECK (answer_mode IS NULL OR answer_mode IN ('strict', 'free')),
  contact TEXT, -- ≤ 300 characters; whom the bot points to when it does not know
  min_pass_rate INTEGER -- percent of golden questions that a draft must pass to be published; NULL = none
    CONSTRAINT "org_config.min_pass_rate must be NULL or 0 to 100" CHECK (min_pass_rate IS NULL OR (typeof(min_pass_rate) = 'integer' AND min_pass_rate BETWEEN 0 AND 100)),
  privacy TEXT -- what is kept of what visitors write; NULL = standard
    CONSTRAINT "org_config.privacy must be NULL, standard, redact or no_store" CHECK (privacy IS NULL OR privacy IN ('standard', 'redact', 'no_store')),
  consent TEXT -- whether visitors are told, or asked, before they write; NULL = none
    CONSTRAINT "org_config.consent must be NULL, none, notice or required" CHECK (consent IS NULL OR consent IN ('none', 'notice', 'required')),
  audience TEXT -- whether a visitor has to say that they are an adult; NULL = general
    CONSTRAINT "org_config.audience must be NULL, general or adults" CHECK (audience IS NULL OR audience IN ('general', 'adults')),
  ai_notice TEXT, -- ≤ 500 characters; what visitors are told of whom they write to; NULL = the built-in text
  privacy_url TEXT -- ≤ 500 characters
    CONSTRAINT "org_config.privacy_url must be NULL or begin with https://" CHECK (privacy_url IS NULL OR privacy_url GLOB 'https://?*'),
  terms_url TEXT -- ≤ 500 characters
    CONSTRAINT "org_config.terms_url must be NULL or begin with https://" CHECK (terms_url IS NULL OR terms_url GLOB 'https://?*'),
  hidden_paths TEXT -- JSON array of ≤ 50 patterns of ≤ 80 characters: where the widget stays away
    CONSTRAINT "org_config.hidden_paths must be NULL or a JSON array" CHECK (hidden_paths IS NULL OR (json_valid(hidden_paths) AND json_type(hidden_paths) = 'array')),
  emergency_number TEXT, -- ≤ 30 characters; whom visitors call in an emergency of the practice's kind
  emergency_text TEXT, -- ≤ 500 characters; what they are told beside it
  country TEXT -- ISO 3166-1 alpha-2, whose emergency numbers are given; NULL = the deployment's
    CONSTRAINT "org_config.country must be NULL or two capital letters such as US" CHECK (country IS NULL OR (length(country) = 2 AND country NOT GLOB '*[^A-Z]*')),
  safety_phrases TEXT -- JSON array of ≤ 100 objects: phrase (≤ 80 characters), class; beside the built-in rules
    CONSTRAINT "org_config.safety_phrases must be NULL or a JSON array" CHECK (safety_phrases IS NULL OR (json_valid(safety_phrases) AND json_type(safety_phrases) = 'array')),
  provider_policy TEXT -- which models and voices may be asked: baa = only those under an agreement; NULL = any
    CONSTRAINT "org_config.provider_policy must be NULL, any or baa" CHECK (provider_policy IS NULL OR provider_policy IN ('any', 'baa')),
  translations TEXT -- JSON object by language of greeting and suggested_questions; as JSON within JSON ≤ 8,000 bytes
    CONSTRAINT "org_config.translations must be NULL or a JSON object" CHECK (translations IS NULL OR (json_valid(translations) AND json_type(translations) = 'object')),
  widget TEXT -- JSON object of what is set of its looks; what is absent is as the chat's defaults are
    CONSTRAINT "org_config.widget must be NULL or a JSON object" CHECK (widget IS NULL OR (json_valid(widget) AND json_type(widget) = 'object'))
);

-- Nothing reads by this index. The worker of schema version 2 finds the orgs whose conversations end by an index of this name and by no
-- other, and takes 0 for no days at all. This one does not serve its query, so it erases nothing; and its schema cannot make the old one.
CREATE INDEX IF NOT EXISTS org_config_with_retention ON org_config (org_id) WHERE retention_days > 0;

CREATE TRIGGER IF NOT EXISTS org_config_org_insert BEFORE INSERT ON org_config
WHEN NOT EXISTS (SELECT 1 FROM orgs WHERE id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'org_config.org_id must be the id of a row in orgs'); END;
-- The portal's own upsert tells itself apart by the version that it writes.
CREATE TRIGGER IF NOT EXISTS org_config_taken_insert BEFORE INSERT ON org_config
WHEN NEW.version = 1 AND EXISTS (SELECT 1 FROM org_config WHERE org_id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'org_config.org_id is taken; to change a row, use UPDATE'); END;
-- A change made by hand counts as well, or an ETag and cached answers would outlive it.
CREATE TRIGGER IF NOT EXISTS org_config_version AFTER UPDATE OF display_name, timezone, locale, brand_color, logo_url, greeting,
  suggested_questions, instructions, fallback_message, limit_message, retention_days, visitor_memory, answer_mode, contact,
  min_pass_rate, privacy, consent, audience, ai_notice, privacy_url, terms_url, hidden_paths, emergency_number, emergency_text, country,
  safety_phrases, provider_policy, translations, widget ON org_config
WHEN NEW.version = OLD.version
BEGIN UPDATE org_config SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE org_id = NEW.org_id; END;

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
-- Every version is kept whole, by whichever way it came. The portal announces its own, with whose it is and why; a row that nobody
-- announced was written by hand, or by the version of the portal before. D1 gives a function at most 32 arguments, so
-- json_insert goes on where json_object ends.
CREATE TRIGGER IF NOT EXISTS org_config_first AFTER INSERT ON org_config
BEGIN
  INSERT INTO config_versions (org_id, version, config, created_at, cause)
  VALUES (NEW.org_id, NEW.version, json_insert(json_object('display_name', NEW.display_name, 'timezone', NEW.timezone, 'locale', NEW.locale, 'brand_color', NEW.brand_color, 'logo_url', NEW.logo_url, 'greeting', NEW.greeting, 'suggested_questions', NEW.suggested_questions, 'instructions', NEW.instructions, 'fallback_message', NEW.fallback_message, 'limit_message', NEW.limit_message, 'retention_days', NEW.retention_days, 'visitor_memory', NEW.visitor_memory, 'answer_mode', NEW.answer_mode, 'contact', NEW.contact, 'min_pass_rate', NEW.min_pass_rate), '$.privacy', NEW.privacy, '$.consent', NEW.consent, '$.audience', NEW.audience, '$.ai_notice', NEW.ai_notice, '$.privacy_url', NEW.privacy_url, '$.terms_url', NEW.terms_url, '$.hidden_paths', NEW.hidden_paths, '$.emergency_number', NEW.emergency_number, '$.emergency_text', NEW.emergency_text, '$.country', NEW.country, '$.safety_phrases', NEW.safety_phrases, '$.provider_policy', NEW.provider_policy, '$.translations', NEW.translations, '$.widget', NEW.widget), NEW.updated_at, 'by_hand')
  ON CONFLICT (org_id, version) DO UPDATE
  SET created_at = IIF(config IS NULL, created_at, excluded.created_at), user_id = IIF(config IS NULL, user_id, NULL), cause = IIF(config IS NULL, cause, excluded.cause),
    reason = IIF(config IS NULL, reason, NULL), made_from = IIF(config IS NULL, made_from, NULL), config = excluded.config;
  DELETE FROM config_versions WHERE org_id = NEW.org_id AND version <= NEW.version - 200;
END;
CREATE TRIGGER IF NOT EXISTS org_config_next AFTER UPDATE OF version ON org_config
WHEN NEW.version <> OLD.version
BEGIN
  INSERT INTO config_versions (org_id, version, config, created_at, cause)
  VALUES (NEW.org_id, NEW.version, json_insert(json_object('display_name', NEW.display_name, 'timezone', NEW.timezone, 'locale', NEW.locale, 'brand_color', NEW.brand_color, 'logo_url', NEW.logo_url, 'greeting', NEW.greeting, 'suggested_questions', NEW.suggested_questions, 'instructions', NEW.instructions, 'fallback_message', NEW.fallback_message, 'limit_message', NEW.limit_message, 'retention_days', NEW.retention_days, 'visitor_memory', NEW.visitor_memory, 'answer_mode', NEW.answer_mode, 'contact', NEW.contact, 'min_pass_rate', NEW.min_pass_rate), '$.privacy', NEW.privacy, '$.consent', NEW.consent, '$.audience', NEW.audience, '$.ai_notice', NEW.ai_notice, '$.privacy_url', NEW.privacy_url, '$.terms_url', NEW.terms_url, '$.hidden_paths', NEW.hidden_paths, '$.emergency_number', NEW.emergency_number, '$.emergency_text', NEW.emergency_text, '$.country', NEW.country, '$.safety_phrases', NEW.safety_phrases, '$.provider_policy', NEW.provider_policy, '$.translations', NEW.translations, '$.widget', NEW.widget), NEW.updated_at, 'by_hand')
  ON CONFLICT (org_id, version) DO UPDATE
  SET created_at = IIF(config IS NULL, created_at, excluded.created_at), user_id = IIF(config IS NULL, user_id, NULL), cause = IIF(config IS NULL, cause, excluded.cause),
    reason = IIF(config IS NULL, reason, NULL), made_from = IIF(config IS NULL, made_from, NULL), config = excluded.config;
  DELETE FROM config_versions WHERE org_id = NEW.org_id AND version <= NEW.version - 200;
END;
-- A configuration that is not in force yet: what it changes of the one that is.
CREATE TABLE IF NOT EXISTS config_drafts (
  org_id TEXT PRIMARY KEY NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  changes TEXT -- JSON object of the fields as org_config would hold them; NULL = there is no draft
    CONSTRAINT "config_drafts.changes must be NULL or a JSON object" CHECK (changes IS NULL OR (json_valid(changes) AND json_type(changes) = 'object')),
  version INTEGER NOT NULL DEFAULT 1, -- counts the writes; the ETag
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_by TEXT -- Clerk user id
);

-- Engines (bots).
CREATE TABLE IF NOT EXISTS portal_sites (
  id TEXT PRIMARY KEY NOT NULL
    CONSTRAINT "portal_sites.id must be 1 to 64 letters, digits, _ or -" CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^A-Za-z0-9_-]*'),
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  site_key TEXT NOT NULL UNIQUE -- public; ^sk_[a-z0-9_-]+_(live|test|dev)_[A-Za-z0-9]{3,64}$
    CONSTRAINT "portal_sites.site_key must look like sk_name_live_abc123 (live, test or dev; 3 to 64 letters and digits at the end)" CHECK (
      typeof(site_key) = 'text' AND length(site_key) <= 200
      AND length(site_key) - length(rtrim(site_key, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')) BETWEEN 3 AND 64
      AND rtrim(site_key, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') NOT GLOB '*[^a-z0-9_-]*'
      AND (rtrim(site_key, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') GLOB 'sk_?*_live_'
        OR rtrim(site_key, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') GLOB 'sk_?*_test_'
        OR rtrim(site_key, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') GLOB 'sk_?*_dev_')),
  name TEXT NOT NULL
    CONSTRAINT "portal_sites.name must be 1 to 200 characters, not all blank" CHECK (length(name) BETWEEN 1 AND 200 AND trim(name) <> ''),
  type TEXT NOT NULL DEFAULT 'chatbot'
    CONSTRAINT "portal_sites.type must be chatbot or voice" CHECK (type IN ('chatbot', 'voice')),
  status TEXT NOT NULL DEFAULT 'active'
    CONSTRAINT "portal_sites.status must be active, paused or archived" CHECK (status IN ('active', 'paused', 'archived')),
  allowed_origins TEXT -- JSON array of exact origins (a trigger reads each); NULL = any https origin; [] = none
    CONSTRAINT "portal_sites.allowed_origins must be NULL or a JSON array" CHECK (allowed_origins IS NULL OR (json_valid(allowed_origins) AND json_type(allowed_origins) = 'array')),
  agent_id TEXT -- ElevenLabs agent of this site; NULL = the deployment's
    CONSTRAINT "portal_sites.agent_id must be NULL or 1 to 100 letters, digits, _ or -" CHECK (agent_id IS NULL OR (length(agent_id) BETWEEN 1 AND 100 AND agent_id NOT GLOB '*[^A-Za-z0-9_-]*')),
  model TEXT -- Gemini model of this site; NULL = the deployment's
    CONSTRAINT "portal_sites.model must be NULL or 1 to 100 lower-case letters, digits, . or -" CHECK (model IS NULL OR (length(model) BETWEEN 1 AND 100 AND model NOT GLOB '*[^a-z0-9.-]*')),
  previous_key TEXT UNIQUE, -- the key before the last rotation
  previous_key_expires_at TEXT -- instant until which previous_key still works; NULL = it works no more
    CONSTRAINT "portal_sites.previous_key_expires_at must be NULL or an instant such as 2026-01-31T12:00:00.000Z" CHECK (previous_key_expires_at IS NULL OR (previous_key_expires_at GLOB '2*' AND previous_key_expires_at IS strftime('%Y-%m-%dT%H:%M:%fZ', previous_key_expires_at))),
  instructions TEXT, -- this and the next three: NULL = the org's configuration
  greeting TEXT,
  suggested_questions TEXT
    CONSTRAINT "portal_sites.suggested_questions must be NULL or a JSON array" CHECK (suggested_questions IS NULL OR (json_valid(suggested_questions) AND json_type(suggested_questions) = 'array')),
  brand_color TEXT
    CONSTRAINT "portal_sites.brand_color must be NULL or look like #1a2b3c" CHECK (brand_color IS NULL OR (length(brand_color) = 7 AND brand_color GLOB '#*' AND substr(brand_color, 2) NOT GLOB '*[^0-9A-Fa-f]*')),
  version INTEGER NOT NULL DEFAULT 1, -- counts the writes; part of the key of cached answers
  last_active_date TEXT, -- last UTC day with a metrics_daily row
  environment TEXT NOT NULL GENERATED ALWAYS AS (CASE
    WHEN rtrim(site_key, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') GLOB '*_live_' THEN 'live'
    WHEN rtrim(site_key, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') GLOB '*_test_' THEN 'test'
    ELSE 'dev' END) VIRTUAL, -- live, test or dev, as the key says
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  visitor_memory TEXT -- as in org_config; NULL = the org's configuration
    CONSTRAINT "portal_sites.visitor_memory must be NULL, device, tab or none" CHECK (visitor_memory IS NULL OR visitor_memory IN ('device', 'tab', 'none'))
);
CREATE INDEX IF NOT EXISTS portal_sites_by_org ON portal_sites (org_id, created_at, id);

CREATE TRIGGER IF NOT EXISTS portal_sites_taken_insert BEFORE INSERT ON portal_sites
WHEN EXISTS (SELECT 1 FROM portal_sites WHERE id = NEW.id OR site_key = NEW.site_key OR previous_key = NEW.previous_key)
BEGIN SELECT RAISE(ABORT, 'portal_sites.id, portal_sites.site_key or portal_sites.previous_key is taken; to change a row, use UPDATE'); END;
CREATE TRIGGER IF NOT EXISTS portal_sites_org_insert BEFORE INSERT ON portal_sites
WHEN NOT EXISTS (SELECT 1 FROM orgs WHERE id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'portal_sites.org_id must be the id of a row in orgs'); END;
CREATE TRIGGER IF NOT EXISTS portal_sites_org_update BEFORE UPDATE OF org_id ON portal_sites
WHEN NOT EXISTS (SELECT 1 FROM orgs WHERE id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'portal_sites.org_id must be the id of a row in orgs'); END;
-- What a site has recorded is its org's, and would be seen by neither org any more.
CREATE TRIGGER IF NOT EXISTS portal_sites_move BEFORE UPDATE OF org_id ON portal_sites
WHEN NEW.org_id <> OLD.org_id AND EXISTS (SELECT 1 FROM metrics_daily WHERE site_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'portal_sites.org_id must stay once the site was used; archive it and insert another for the other org'); END;
-- A key that once worked never comes to mean another site.
CREATE TRIGGER IF NOT EXISTS portal_sites_key_insert BEFORE INSERT ON portal_sites
WHEN EXISTS (SELECT 1 FROM portal_sites WHERE previous_key = NEW.site_key OR site_key = NEW.previous_key)
BEGIN SELECT RAISE(ABORT, 'portal_sites.site_key or portal_sites.previous_key is or was the key of another site'); END;
CREATE TRIGGER IF NOT EXISTS portal_sites_key_update BEFORE UPDATE OF site_key, previous_key ON portal_sites
WHEN EXISTS (SELECT 1 FROM portal_sites WHERE (previous_key = NEW.site_key OR site_key = NEW.previous_key) AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'portal_sites.site_key or portal_sites.previous_key is or was the key of another site'); END;
-- An entry that no browser sends (a path, a / at the end, a capital, a wildcard) would quietly admit nobody.
CREATE TRIGGER IF NOT EXISTS portal_sites_origins_insert BEFORE INSERT ON portal_sites
WHEN EXISTS (
  SELECT 1 FROM json_each(iif(json_valid(NEW.allowed_origins), NEW.allowed_origins, '[]'))
  WHERE type <> 'text' OR value NOT GLOB '[a-z]*://?*' OR substr(value, instr(value, '://') + 3) GLOB '*[/?#@* A-Z\]*')
BEGIN SELECT RAISE(ABORT, 'portal_sites.allowed_origins must hold origins as browsers send them, such as https://www.example.com: lower case, no path, no / at the end, no *'); END;
CREATE TRIGGER IF NOT EXISTS portal_sites_origins_update BEFORE UPDATE OF allowed_origins ON portal_sites
WHEN EXISTS (
  SELECT 1 FROM json_each(iif(json_valid(NEW.allowed_origins), NEW.allowed_origins, '[]'))
  WHERE type <> 'text' OR value NOT GLOB '[a-z]*://?*' OR substr(value, instr(value, '://') + 3) GLOB '*[/?#@* A-Z\]*')
BEGIN SELECT RAISE(ABORT, 'portal_sites.allowed_origins must hold origins as browsers send them, such as https://www.example.com: lower case, no path, no / at the end, no *'); END;
-- As for org_config.
CREATE TRIGGER IF NOT EXISTS portal_sites_version AFTER UPDATE OF site_key, name, status, allowed_origins, agent_id, model, instructions, greeting,
  suggested_questions, brand_color, visitor_memory ON portal_sites
WHEN NEW.version = OLD.version
BEGIN UPDATE portal_sites SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = NEW.id; END;

-- Members shown for an org that is not tied to Clerk, or while no Clerk secret is set.
CREATE TABLE IF NOT EXISTS team_members (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL, -- Clerk user id
  name TEXT,
  email TEXT,
  role TEXT NOT NULL DEFAULT 'member'
    CONSTRAINT "team_members.role must be member or admin" CHECK (role IN ('member', 'admin')),
  image_url TEXT,
  joined_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  PRIMARY KEY (org_id, user_id)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS team_members_org_insert BEFORE INSERT ON team_members
WHEN NOT EXISTS (SELECT 1 FROM orgs WHERE id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'team_members.org_id must be the id of a row in orgs'); END;

-- ------------------------------------------------------------------ workflows

CREATE TABLE IF NOT EXISTS workflows (
  id TEXT PRIMARY KEY NOT NULL,
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active'
    CONSTRAINT "workflows.status must be active, paused or draft" CHECK (status IN ('active', 'paused', 'draft')),
  "trigger" TEXT NOT NULL DEFAULT 'manual', -- what starts it, in a word: manual, schedule, webhook, lead…
  last_run_at TEXT, -- kept by the triggers below
  last_run_status TEXT, -- success, failure or running
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
CREATE INDEX IF NOT EXISTS workflows_by_org ON workflows (org_id, name, id);
CREATE TRIGGER IF NOT EXISTS workflows_taken_insert BEFORE INSERT ON workflows
WHEN EXISTS (SELECT 1 FROM workflows WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'workflows.id is taken; to change a row, use UPDATE'); END;
CREATE TRIGGER IF NOT EXISTS workflows_org_insert BEFORE INSERT ON workflows
WHEN NOT EXISTS (SELECT 1 FROM orgs WHERE id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'workflows.org_id must be the id of a row in orgs'); END;

CREATE TABLE IF NOT EXISTS workflow_runs (
  id TEXT PRIMARY KEY NOT NULL,
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'running'
    CONSTRAINT "workflow_runs.status must be success, failure or running" CHECK (status IN ('success', 'failure', 'running')),
  started_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    CONSTRAINT "workflow_runs.started_at must be an instant such as 2026-01-31T12:00:00.000Z" CHECK (started_at GLOB '2*' AND started_at IS strftime('%Y-%m-%dT%H:%M:%fZ', started_at)),
  ended_at TEXT
    CONSTRAINT "workflow_runs.ended_at must be NULL or an instant such as 2026-01-31T12:00:00.000Z" CHECK (ended_at IS NULL OR (ended_at GLOB '2*' AND ended_at IS strftime('%Y-%m-%dT%H:%M:%fZ', ended_at)))
);
CREATE INDEX IF NOT EXISTS workflow_runs_by_workflow ON workflow_runs (workflow_id);
CREATE INDEX IF NOT EXISTS workflow_runs_by_age ON workflow_runs (started_at);
CREATE TRIGGER IF NOT EXISTS workflow_runs_taken_insert BEFORE INSERT ON workflow_runs
WHEN EXISTS (SELECT 1 FROM workflow_runs WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'workflow_runs.id is taken; to change a row, use UPDATE'); END;
CREATE TRIGGER IF NOT EXISTS workflow_runs_org_insert BEFORE INSERT ON workflow_runs
WHEN NOT EXISTS (SELECT 1 FROM workflows WHERE id = NEW.workflow_id AND org_id = NEW.org_id)
BEGIN SELECT RAISE(ABORT, 'workflow_runs.workflow_id must be the id of a workflow of workflow_runs.org_id'); END;

-- Runs by day, kept by the triggers, so that a page reads days and never runs.
CREATE TABLE IF NOT EXISTS workflow_daily (
  org_id TEXT NOT NULL,
  date TEXT NOT NULL, -- UTC day on which the runs began
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  runs INTEGER NOT NULL DEFAULT 0,
  successes INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, date, workflow_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS workflow_daily_by_workflow ON workflow_daily (workflow_id);
CREATE INDEX IF NOT EXISTS workflow_daily_by_age ON workflow_daily (date);

CREATE TRIGGER IF NOT EXISTS workflow_runs_insert AFTER INSERT ON workflow_runs
BEGIN
  INSERT INTO workflow_daily (org_id, date, workflow_id, runs, successes, failures)
  VALUES (NEW.org_id, substr(NEW.started_at, 1, 10), NEW.workflow_id, 1, NEW.status = 'success', NEW.status = 'failure')
  ON CONFLICT (org_id, date, workflow_id) DO UPDATE
  SET runs = runs + 1, successes = successes + excluded.successes, failures = failures + excluded.failures;
  UPDATE workflows SET last_run_at = NEW.started_at, last_run_status = NEW.status
  WHERE id = NEW.workflow_id AND (last_run_at IS NULL OR last_run_at <= NEW.started_at);
END;
CREATE TRIGGER IF NOT EXISTS workflow_runs_update AFTER UPDATE OF status ON workflow_runs
BEGIN
  UPDATE workflow_daily
  SET successes = successes + (NEW.status = 'success') - (OLD.status = 'success'), failures = failures + (NEW.status = 'failure') - (OLD.status = 'failure')
  WHERE org_id = NEW.org_id AND date = substr(NEW.started_at, 1, 10) AND workflow_id = NEW.workflow_id;
  UPDATE workflows SET last_run_status = NEW.status WHERE id = NEW.workflow_id AND last_run_at = NEW.started_at;
END;
CREATE TRIGGER IF NOT EXISTS workflow_runs_delete AFTER DELETE ON workflow_runs
BEGIN
  UPDATE workflow_daily
  SET runs = runs - 1, successes = successes - (OLD.status = 'success'), failures = failures - (OLD.status = 'failure')
  WHERE org_id = OLD.org_id AND date = substr(OLD.started_at, 1, 10) AND workflow_id = OLD.workflow_id;
  UPDATE workflows
  SET (last_run_at, last_run_status) = (SELECT MAX(r.started_at), r.status FROM workflow_runs r WHERE r.workflow_id = OLD.workflow_id)
  WHERE id = OLD.workflow_id AND last_run_at = OLD.started_at;
END;

-- ------------------------------------------------------------------ conversations

CREATE TABLE IF NOT EXISTS chat_sessions (
  id TEXT PRIMARY KEY NOT NULL, -- random UUID made by the chat worker
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  site_id TEXT NOT NULL REFERENCES portal_sites (id) ON DELETE CASCADE,
  visitor_id TEXT NOT NULL, -- as the page sent it, ≤ 128 characters; the session's own id when it sent none
  started_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  last_message_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  last_active_date TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d', 'now')), -- UTC day of last_message_at
  ended_at TEXT, -- set when the visitor resets; NULL = may go on for 24 h after last_message_at
  message_count INTEGER NOT NULL DEFAULT 0, -- rows in chat_messages
  rating_up INTEGER NOT NULL DEFAULT 0, -- of these, rated up; this and the next are kept by the triggers below
  rating_down INTEGER NOT NULL DEFAULT 0,
  erased_at TEXT, -- instant; set = somebody has erased it: nobody reads it any more, and its rows go step by step
  erasure_id TEXT, -- in erasures, where its rows are counted
  topic TEXT -- JSON list of lists of [term, weight]: what its newest messages are searched by, the newest first, see workers/lib/knowledge/question.ts
    CONSTRAINT "chat_sessions.topic must be NULL or a JSON array" CHECK (topic IS NULL OR (json_valid(topic) AND json_type(topic) = 'array')),
  consents TEXT -- JSON list of [version, instant]: which texts its visitor was shown and has agreed to, from which message on; NULL = none was sent
    CONSTRAINT "chat_sessions.consents must be NULL or a JSON array" CHECK (consents IS NULL OR (json_valid(consents) AND json_type(consents) = 'array')),
  unanswered INTEGER NOT NULL DEFAULT 0, -- of its messages, answers that the bot did not have; this and the next are kept by triggers
  leads INTEGER NOT NULL DEFAULT 0 -- rows in leads: 0 or 1
);
CREATE INDEX IF NOT EXISTS chat_sessions_by_org ON chat_sessions (org_id, started_at, id);
CREATE INDEX IF NOT EXISTS chat_sessions_by_site ON chat_sessions (org_id, site_id, started_at, id);
CREATE INDEX IF NOT EXISTS chat_sessions_by_visitor ON chat_sessions (site_id, visitor_id, last_active_date);
CREATE INDEX IF NOT EXISTS chat_sessions_with_erasure ON chat_sessions (erased_at) WHERE erased_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS chat_sessions_by_org_visitor ON chat_sessions (org_id, visitor_id);
-- What a list of conversations is filtered by, so that a page of it reads no messages and no leads.
CREATE INDEX IF NOT EXISTS chat_sessions_with_up ON chat_sessions (org_id, started_at, id) WHERE rating_up > 0;
CREATE INDEX IF NOT EXISTS chat_sessions_with_down ON chat_sessions (org_id, started_at, id) WHERE rating_down > 0;
CREATE INDEX IF NOT EXISTS chat_sessions_with_unanswered ON chat_sessions (org_id, started_at, id) WHERE unanswered > 0;
CREATE INDEX IF NOT EXISTS chat_sessions_with_lead ON chat_sessions (org_id, started_at, id) WHERE leads > 0;

-- What the portal calls a visitor: random, so that nobody comes from it to the visitor_id, with which one could speak to the chat as the
-- visitor. A row comes with a visitor's first session of an org and goes with the last, by the triggers.
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

CREATE TABLE IF NOT EXISTS chat_messages (
  id TEXT PRIMARY KEY NOT NULL, -- random UUID made before the model is asked
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  session_id TEXT NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
  role TEXT NOT NULL
    CONSTRAINT "chat_messages.role must be user or assistant" CHECK (role IN ('user', 'assistant')),
  content TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  finish TEXT, -- assistant only: stop, length, blocked, curated, cached, safety
  model TEXT, -- model that answered
  input_tokens INTEGER, -- prompt tokens, cached ones included
  cached_tokens INTEGER,
  output_tokens INTEGER, -- answer and thought tokens
  cost_usd_micros INTEGER,
  latency_ms INTEGER, -- request to last text
  first_token_ms INTEGER, -- request to first text
  rating TEXT
    CONSTRAINT "chat_messages.rating must be NULL, up or down" CHECK (rating IS NULL OR rating IN ('up', 'down')),
  rating_comment TEXT,
  is_unanswered INTEGER, -- assistant only: 1 = the bot had no answer, as question_stats counts it; NULL = not known
  sources TEXT -- assistant only: JSON list of {title, url}: what the answer says it rests on; NULL = nothing, or no words are kept
    CONSTRAINT "chat_messages.sources must be NULL or a JSON array" CHECK (sources IS NULL OR (json_valid(sources) AND json_type(sources) = 'array')),
  replayed_at TEXT -- assistant only: instant at which it was put back from a line of the log, which has no words; NULL = it was stored with them
);
CREATE INDEX IF NOT EXISTS chat_messages_by_session ON chat_messages (session_id);
-- Ratings by conversation, so that a page of conversations reads no messages to count them.
CREATE TRIGGER IF NOT EXISTS chat_messages_rating_insert AFTER INSERT ON chat_messages
WHEN NEW.rating IS NOT NULL
BEGIN
  UPDATE chat_sessions SET rating_up = rating_up + (NEW.rating = 'up'), rating_down = rating_down + (NEW.rating = 'down')
  WHERE id = NEW.session_id;
END;
CREATE TRIGGER IF NOT EXISTS chat_messages_rating_update AFTER UPDATE OF rating ON chat_messages
WHEN NEW.rating IS NOT OLD.rating
BEGIN
  UPDATE chat_sessions
  SET rating_up = rating_up + (NEW.rating IS 'up') - (OLD.rating IS 'up'), rating_down = rating_down + (NEW.rating IS 'down') - (OLD.rating IS 'down')
  WHERE id = NEW.session_id;
END;
CREATE TRIGGER IF NOT EXISTS chat_messages_unanswered_insert AFTER INSERT ON chat_messages
WHEN NEW.is_unanswered = 1
BEGIN UPDATE chat_sessions SET unanswered = unanswered + 1 WHERE id = NEW.session_id; END;
CREATE TRIGGER IF NOT EXISTS chat_messages_unanswered_update AFTER UPDATE OF is_unanswered ON chat_messages
WHEN (NEW.is_unanswered IS 1) <> (OLD.is_unanswered IS 1)
BEGIN
  UPDATE chat_sessions SET unanswered = unanswered + (NEW.is_unanswered IS 1) - (OLD.is_unanswered IS 1) WHERE id = NEW.session_id;
END;

-- The words of conversations, by which they are found. Filled by the portal's run of every five minutes, never in a turn.
CREATE TABLE IF NOT EXISTS session_index (
  number INTEGER PRIMARY KEY NOT NULL, -- of the session: epoch ms of started_at * 1024, and up to 1023 more, so that numbers sort by it
  org_id TEXT NOT NULL, -- as the session has it
  session_id TEXT NOT NULL UNIQUE REFERENCES chat_sessions (id) ON DELETE CASCADE,
  terms TEXT NOT NULL -- JSON list of all terms that session_terms has of it, by which they are found when it goes
    CONSTRAINT "session_index.terms must be a JSON array" CHECK (json_valid(terms) AND json_type(terms) = 'array')
);
CREATE TABLE IF NOT EXISTS session_terms (
  org_id TEXT NOT NULL,
  term TEXT NOT NULL, -- see workers/lib/knowledge/terms.ts
  number INTEGER NOT NULL, -- in session_index
  place INTEGER NOT NULL, -- rowid of the first message that has it, a hint: a database that was exported and imported has others
  PRIMARY KEY (org_id, term, number)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS session_index_delete AFTER DELETE ON session_index
BEGIN
  DELETE FROM session_terms WHERE org_id = OLD.org_id AND number = OLD.number AND term IN (SELECT value FROM json_each(OLD.terms));
END;

-- How far the messages are indexed: one row, or none before the first run.
CREATE TABLE IF NOT EXISTS session_index_state (
  id INTEGER PRIMARY KEY
    CONSTRAINT "session_index_state.id must be 1" CHECK (id = 1),
  indexed_through INTEGER NOT NULL DEFAULT 0, -- rowid in chat_messages: all up to it are indexed
  message_id TEXT, -- of the message there; another one there = the database was made anew from an export. NULL = it has gone
  searchable_until TEXT -- instant until which what was said is found
);
-- The rowids of the newest messages are used again once these have gone.
CREATE TRIGGER IF NOT EXISTS chat_messages_delete AFTER DELETE ON chat_messages
WHEN OLD.rowid >= (SELECT indexed_through FROM session_index_state WHERE id = 1)
BEGIN
  UPDATE session_index_state
  SET message_id = iif(EXISTS (SELECT 1 FROM chat_messages m WHERE m.rowid = indexed_through), message_id, NULL),
    indexed_through = MIN(indexed_through, COALESCE((SELECT MAX(rowid) FROM chat_messages), 0))
  WHERE id = 1;
END;

CREATE TABLE IF NOT EXISTS leads (
  id TEXT PRIMARY KEY NOT NULL,
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  site_id TEXT NOT NULL REFERENCES portal_sites (id) ON DELETE CASCADE,
  session_id TEXT UNIQUE, -- one lead a session; NULL = its visitor had begun none, or it is gone
  name TEXT,
  email TEXT NOT NULL,
  message TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  consent_version TEXT -- of the text that its visitor had agreed to; NULL = none was sent
);
CREATE INDEX IF NOT EXISTS leads_by_org ON leads (org_id, created_at, id);
CREATE INDEX IF NOT EXISTS leads_by_email ON leads (org_id, email COLLATE NOCASE);
CREATE TRIGGER IF NOT EXISTS leads_insert AFTER INSERT ON leads
WHEN NEW.session_id IS NOT NULL
BEGIN UPDATE chat_sessions SET leads = leads + 1 WHERE id = NEW.session_id AND org_id = NEW.org_id; END;
CREATE TRIGGER IF NOT EXISTS leads_delete AFTER DELETE ON leads
WHEN OLD.session_id IS NOT NULL
BEGIN UPDATE chat_sessions SET leads = MAX(0, leads - 1) WHERE id = OLD.session_id AND org_id = OLD.org_id; END;

CREATE TABLE IF NOT EXISTS voice_sessions (
  id TEXT PRIMARY KEY NOT NULL, -- random UUID made by the voice worker
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  site_id TEXT NOT NULL REFERENCES portal_sites (id) ON DELETE CASCADE,
  agent_id TEXT NOT NULL,
  conversation_id TEXT UNIQUE, -- ElevenLabs' id; NULL until minted
  client_hash TEXT, -- SHA-256 of site key and client IP, for the cap per client; NULL once it is closed
  status TEXT NOT NULL DEFAULT 'open'
    CONSTRAINT "voice_sessions.status must be open, closed, failed or expired" CHECK (status IN ('open', 'closed', 'failed', 'expired')),
  opened_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  expires_at TEXT NOT NULL, -- instant after which it no longer counts as open
  ended_at TEXT, -- the client's word; the slot is free from then on
  closed_at TEXT, -- when ElevenLabs' own account of it was booked
  checked_at TEXT NOT NULL DEFAULT '', -- when ElevenLabs was last asked; '' = never
  duration_seconds INTEGER,
  cost_usd_micros INTEGER,
  reason TEXT, -- ElevenLabs' termination reason, or ours
  reserved_seconds INTEGER NOT NULL DEFAULT 0, -- what usage_daily counts for it while it is open: the longest that it may take
  reserved_usd_micros INTEGER NOT NULL DEFAULT 0, -- and the most that it may cost
  consent_version TEXT -- as in leads
);
CREATE INDEX IF NOT EXISTS voice_sessions_open ON voice_sessions (site_id, expires_at) WHERE status = 'open';
CREATE INDEX IF NOT EXISTS voice_sessions_unchecked ON voice_sessions (checked_at) WHERE status = 'open';
CREATE INDEX IF NOT EXISTS voice_sessions_by_org ON voice_sessions (org_id, opened_at);
CREATE INDEX IF NOT EXISTS voice_sessions_by_age ON voice_sessions (opened_at);

-- An open conversation counts as if it took all that it may; once it is closed, what it took counts. Seconds without a price cost the most.
CREATE TRIGGER IF NOT EXISTS voice_sessions_insert AFTER INSERT ON voice_sessions
WHEN NEW.status = 'open' AND NEW.reserved_seconds + NEW.reserved_usd_micros > 0
BEGIN
  INSERT INTO usage_daily (org_id, date, conversation_seconds, cost_usd_micros)
  VALUES (NEW.org_id, substr(NEW.opened_at, 1, 10), NEW.reserved_seconds, NEW.reserved_usd_micros)
  ON CONFLICT (org_id, date) DO UPDATE
  SET conversation_seconds = conversation_seconds + excluded.conversation_seconds, cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros;
END;
CREATE TRIGGER IF NOT EXISTS voice_sessions_close AFTER UPDATE OF status ON voice_sessions
WHEN OLD.status = 'open' AND NEW.status <> 'open'
BEGIN
  UPDATE usage_daily
  SET conversation_seconds = MAX(0, conversation_seconds + COALESCE(NEW.duration_seconds, 0) - NEW.reserved_seconds),
    cost_usd_micros = MAX(0, cost_usd_micros - NEW.reserved_usd_micros + COALESCE(
      NEW.cost_usd_micros, NEW.duration_seconds * NEW.reserved_usd_micros / NULLIF(NEW.reserved_seconds, 0), 0))
  WHERE org_id = NEW.org_id AND date = substr(NEW.opened_at, 1, 10);
END;

-- ------------------------------------------------------------------ knowledge

CREATE TABLE IF NOT EXISTS knowledge (
  id TEXT PRIMARY KEY NOT NULL,
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL DEFAULT 'article'
    CONSTRAINT "knowledge.kind must be article or answer" CHECK (kind IN ('article', 'answer')), -- answer: curated, given word for word
  title TEXT NOT NULL, -- article's title, or the curated question
  question_key TEXT -- answers only: the question normalised
    CONSTRAINT "knowledge.question_key must be set for an answer and NULL for an article" CHECK ((question_key IS NULL) = (kind = 'article')),
  body TEXT NOT NULL,
  source_url TEXT,
  hits INTEGER NOT NULL DEFAULT 0, -- times it was given (answer), or an answer named it as what it rests on
  passages INTEGER NOT NULL DEFAULT 0 -- rows in knowledge_passages; 0 = the search does not know it yet, as after an INSERT by hand
    CONSTRAINT "knowledge.passages must be a whole number from 0" CHECK (typeof(passages) = 'integer' AND passages >= 0),
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_by TEXT,
  embedded_by TEXT NOT NULL DEFAULT '' -- whose vectors its passages have: model/dimensions; '' = none
);
CREATE INDEX IF NOT EXISTS knowledge_by_org ON knowledge (org_id, updated_at, id);
CREATE UNIQUE INDEX IF NOT EXISTS knowledge_by_question ON knowledge (org_id, question_key) WHERE question_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS knowledge_unsearchable ON knowledge (id) WHERE passages = 0;
CREATE INDEX IF NOT EXISTS knowledge_by_embedding ON knowledge (embedded_by, id) WHERE passages > 0;

CREATE TRIGGER IF NOT EXISTS knowledge_taken_insert BEFORE INSERT ON knowledge
WHEN EXISTS (SELECT 1 FROM knowledge WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM knowledge WHERE org_id = NEW.org_id AND question_key = NEW.question_key)
BEGIN SELECT RAISE(ABORT, 'knowledge.id or, within an org, knowledge.question_key is taken; to change a row, use UPDATE'); END;
-- Cached answers must not outlive what they were made from. `hits` alone changes nothing.
CREATE TRIGGER IF NOT EXISTS knowledge_insert AFTER INSERT ON knowledge
BEGIN
  UPDATE orgs
  SET knowledge_version = knowledge_version + 1, knowledge_passages = knowledge_passages + NEW.passages,
    knowledge_bytes = knowledge_bytes + octet_length(NEW.title) + octet_length(NEW.body) + 16
  WHERE id = NEW.org_id;
END;
CREATE TRIGGER IF NOT EXISTS knowledge_delete AFTER DELETE ON knowledge
BEGIN
  UPDATE orgs
  SET knowledge_version = knowledge_version + 1, knowledge_passages = knowledge_passages - OLD.passages,
    knowledge_bytes = knowledge_bytes - octet_length(OLD.title) - octet_length(OLD.body) - 16
  WHERE id = OLD.org_id;
END;
CREATE TRIGGER IF NOT EXISTS knowledge_update AFTER UPDATE OF kind, title, question_key, body, source_url, passages ON knowledge
BEGIN
  UPDATE orgs
  SET knowledge_version = knowledge_version + 1, knowledge_passages = knowledge_passages + NEW.passages - OLD.passages,
    knowledge_bytes = knowledge_bytes + octet_length(NEW.title) + octet_length(NEW.body) - octet_length(OLD.title) - octet_length(OLD.body)
  WHERE id = NEW.org_id;
END;
-- A text changed by hand is not found by the words it had.
CREATE TRIGGER IF NOT EXISTS knowledge_text_update AFTER UPDATE OF title, body ON knowledge
WHEN NEW.version = OLD.version
BEGIN
  DELETE FROM knowledge_passages WHERE knowledge_id = NEW.id;
  UPDATE knowledge SET version = version + 1, passages = 0, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = NEW.id;
END;
CREATE TRIGGER IF NOT EXISTS knowledge_org_update BEFORE UPDATE OF org_id ON knowledge
WHEN NEW.org_id <> OLD.org_id
BEGIN SELECT RAISE(ABORT, 'knowledge.org_id must stay; insert the text anew for another org'); END;

-- What the search finds: pieces of articles and answers that are short enough to be shown to the model.
CREATE TABLE IF NOT EXISTS knowledge_passages (
  id INTEGER PRIMARY KEY,
  knowledge_id TEXT NOT NULL REFERENCES knowledge (id) ON DELETE CASCADE,
  position INTEGER NOT NULL, -- from 0
  content TEXT NOT NULL, -- ≤ 700 characters
  UNIQUE (knowledge_id, position)
);

-- The passages of an org by the words they hold, the most telling first, so that ranking is one indexed query.
CREATE TABLE IF NOT EXISTS knowledge_terms (
  org_id TEXT NOT NULL,
  term TEXT NOT NULL, -- folded and stemmed by workers/lib/knowledge/terms.ts
  weight REAL NOT NULL, -- of the term in this passage; its rarity is not in it
  passage_id INTEGER NOT NULL REFERENCES knowledge_passages (id) ON DELETE CASCADE,
  PRIMARY KEY (org_id, term, weight DESC, passage_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS knowledge_terms_by_passage ON knowledge_terms (passage_id);

-- What each term is taken for when one of its letters is missing, wanting, another or in its neighbour's place: the term itself (place 0) and
-- the term without the letter at each place. A word of a question that no passage has shares one of these with the term it is a typo of.
CREATE TABLE IF NOT EXISTS knowledge_spellings (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  spelling TEXT NOT NULL,
  place INTEGER NOT NULL, -- of the letter left out, from 1; 0 = none is
  term TEXT NOT NULL, -- of knowledge_terms, 4 to 24 characters without a digit
  PRIMARY KEY (org_id, spelling, place, term)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS knowledge_spellings_by_term ON knowledge_spellings (org_id, term);
CREATE TRIGGER IF NOT EXISTS knowledge_terms_insert AFTER INSERT ON knowledge_terms
WHEN length(NEW.term) BETWEEN 4 AND 24 AND NEW.term NOT GLOB '*[0-9]*'
  AND NOT EXISTS (SELECT 1 FROM knowledge_spellings WHERE org_id = NEW.org_id AND spelling = NEW.term AND place = 0)
BEGIN
  INSERT INTO knowledge_spellings (org_id, spelling, place, term)
  SELECT NEW.org_id, CASE column1 WHEN 0 THEN NEW.term ELSE substr(NEW.term, 1, column1 - 1) || substr(NEW.term, column1 + 1) END, column1, NEW.term
  FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19), (20), (21), (22), (23), (24))
  WHERE column1 <= length(NEW.term);
END;
CREATE TRIGGER IF NOT EXISTS knowledge_terms_delete AFTER DELETE ON knowledge_terms
WHEN NOT EXISTS (SELECT 1 FROM knowledge_terms WHERE org_id = OLD.org_id AND term = OLD.term)
BEGIN DELETE FROM knowledge_spellings WHERE org_id = OLD.org_id AND term = OLD.term; END;

-- In how many of an org's passages a term is: how rare it is, for one row instead of all those of the term.
CREATE TABLE IF NOT EXISTS knowledge_term_counts (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  term TEXT NOT NULL,
  passages INTEGER NOT NULL, -- rows of the term in knowledge_terms, kept by triggers
  PRIMARY KEY (org_id, term)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS knowledge_terms_counted_insert AFTER INSERT ON knowledge_terms
BEGIN
  INSERT INTO knowledge_term_counts (org_id, term, passages) VALUES (NEW.org_id, NEW.term, 1)
  ON CONFLICT (org_id, term) DO UPDATE SET passages = passages + 1;
END;
CREATE TRIGGER IF NOT EXISTS knowledge_terms_counted_delete AFTER DELETE ON knowledge_terms
BEGIN
  DELETE FROM knowledge_term_counts WHERE org_id = OLD.org_id AND term = OLD.term AND passages <= 1;
  UPDATE knowledge_term_counts SET passages = passages - 1 WHERE org_id = OLD.org_id AND term = OLD.term;
END;

-- What passages mean, as an embedding model sees it. A row is a run of one text's passages, in order, without a gap from the first on.
CREATE TABLE IF NOT EXISTS knowledge_vectors (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  dimensions INTEGER NOT NULL,
  knowledge_id TEXT NOT NULL REFERENCES knowledge (id) ON DELETE CASCADE,
  first_position INTEGER NOT NULL, -- of its first passage
  vectors TEXT NOT NULL -- of each passage as many base64 characters as of every other, see workers/lib/knowledge/meaning/vectors.ts; 60,000 at most
    CONSTRAINT "knowledge_vectors.vectors must be 1 to 60000 characters" CHECK (length(vectors) BETWEEN 1 AND 60000),
  PRIMARY KEY (org_id, model, dimensions, knowledge_id, first_position)
);
CREATE INDEX IF NOT EXISTS knowledge_vectors_by_knowledge ON knowledge_vectors (knowledge_id);
-- What is found by them changes with them: cached answers, and what an isolate remembers of them, do not outlive that.
CREATE TRIGGER IF NOT EXISTS knowledge_vectors_insert AFTER INSERT ON knowledge_vectors
BEGIN UPDATE orgs SET knowledge_version = knowledge_version + 1, knowledge_vectors = knowledge_vectors + 1 WHERE id = NEW.org_id; END;
CREATE TRIGGER IF NOT EXISTS knowledge_vectors_delete AFTER DELETE ON knowledge_vectors
BEGIN UPDATE orgs SET knowledge_version = knowledge_version + 1, knowledge_vectors = knowledge_vectors - 1 WHERE id = OLD.org_id; END;
-- A passage that goes takes its text's vectors along, whoever deletes it: they are told apart by the places of their passages.
CREATE TRIGGER IF NOT EXISTS knowledge_passages_delete AFTER DELETE ON knowledge_passages
BEGIN
  DELETE FROM knowledge_vectors WHERE knowledge_id = OLD.knowledge_id;
  UPDATE knowledge SET embedded_by = '' WHERE id = OLD.knowledge_id AND embedded_by <> '';
END;

-- At most 500 questions a site: a slot is a hash of the question. A question keeps its slot while it is asked more often than its rivals.
CREATE TABLE IF NOT EXISTS question_stats (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  site_id TEXT NOT NULL REFERENCES portal_sites (id) ON DELETE CASCADE,
  slot INTEGER NOT NULL
    CONSTRAINT "question_stats.slot must be 0 to 499" CHECK (slot BETWEEN 0 AND 499),
  question TEXT NOT NULL, -- normalised, ≤ 200 characters
  asked INTEGER NOT NULL DEFAULT 1, -- since it holds the slot
  unanswered INTEGER NOT NULL DEFAULT 0, -- of these, how often the bot had no answer
  weight INTEGER NOT NULL DEFAULT 1, -- asked less the rivals' asks; at 0 the slot goes to the next
  last_asked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  wording TEXT, -- as a visitor put it, ≤ 200 characters; only what two different visitors put alike; NULL = nothing yet
  wording_candidate TEXT, -- digest of how the last visitor put it, until a second one puts it alike
  wording_visitor TEXT, -- digest of that visitor
  PRIMARY KEY (org_id, site_id, slot)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS question_stats_by_age ON question_stats (org_id, last_asked_at);

-- ------------------------------------------------------------------ numbers

-- One row per site and UTC day. latency_bNN counts answered turns by latency: the upper bounds are in workers/lib/metrics/latency.ts.
CREATE TABLE IF NOT EXISTS metrics_daily (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  date TEXT NOT NULL, -- UTC day
  site_id TEXT NOT NULL REFERENCES portal_sites (id) ON DELETE CASCADE,
  sessions INTEGER NOT NULL DEFAULT 0, -- begun on this day
  messages INTEGER NOT NULL DEFAULT 0, -- visitor messages that got an answer (a turn counts one)
  visitors INTEGER NOT NULL DEFAULT 0, -- different visitors on this day
  errors INTEGER NOT NULL DEFAULT 0, -- turns answered by a 5xx
  blocked INTEGER NOT NULL DEFAULT 0, -- turns answered by the fallback message
  cache_hits INTEGER NOT NULL DEFAULT 0, -- chat answers and voice clips given from the cache
  curated INTEGER NOT NULL DEFAULT 0, -- turns answered by a curated answer
  unanswered INTEGER NOT NULL DEFAULT 0, -- turns the bot had no grounded answer for
  feedback_up INTEGER NOT NULL DEFAULT 0,
  feedback_down INTEGER NOT NULL DEFAULT 0,
  leads INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd_micros INTEGER NOT NULL DEFAULT 0, -- model and voice together
  voice_requests INTEGER NOT NULL DEFAULT 0, -- clips given, cached ones included
  voice_characters INTEGER NOT NULL DEFAULT 0, -- code points sent to ElevenLabs (cached clips: 0)
  voice_sessions INTEGER NOT NULL DEFAULT 0, -- conversations opened
  voice_seconds INTEGER NOT NULL DEFAULT 0, -- conversation time booked
  latency_sum_ms INTEGER NOT NULL DEFAULT 0, -- over `messages`
  latency_b00 INTEGER NOT NULL DEFAULT 0,
  latency_b01 INTEGER NOT NULL DEFAULT 0,
  latency_b02 INTEGER NOT NULL DEFAULT 0,
  latency_b03 INTEGER NOT NULL DEFAULT 0,
  latency_b04 INTEGER NOT NULL DEFAULT 0,
  latency_b05 INTEGER NOT NULL DEFAULT 0,
  latency_b06 INTEGER NOT NULL DEFAULT 0,
  latency_b07 INTEGER NOT NULL DEFAULT 0,
  latency_b08 INTEGER NOT NULL DEFAULT 0,
  latency_b09 INTEGER NOT NULL DEFAULT 0,
  latency_b10 INTEGER NOT NULL DEFAULT 0,
  latency_b11 INTEGER NOT NULL DEFAULT 0,
  latency_b12 INTEGER NOT NULL DEFAULT 0,
  latency_b13 INTEGER NOT NULL DEFAULT 0,
  latency_b14 INTEGER NOT NULL DEFAULT 0,
  latency_b15 INTEGER NOT NULL DEFAULT 0,
  last_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), -- last activity of the day
  PRIMARY KEY (org_id, date, site_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS metrics_daily_by_site ON metrics_daily (site_id, date);
CREATE INDEX IF NOT EXISTS metrics_daily_by_age ON metrics_daily (date);

CREATE TRIGGER IF NOT EXISTS metrics_daily_insert AFTER INSERT ON metrics_daily
BEGIN
  UPDATE portal_sites SET last_active_date = NEW.date WHERE id = NEW.site_id AND (last_active_date IS NULL OR last_active_date < NEW.date);
END;

-- Messages that spoke of danger, and answers that did, by what of and how plainly; never which, or whose.
CREATE TABLE IF NOT EXISTS safety_daily (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  date TEXT NOT NULL, -- UTC day
  class TEXT NOT NULL
    CONSTRAINT "safety_daily.class must be self_harm, medical_emergency, poisoning, abuse or dental_emergency"
    CHECK (class IN ('self_harm', 'medical_emergency', 'poisoning', 'abuse', 'dental_emergency')),
  tier INTEGER NOT NULL -- 1 = answered with a fixed text, 2 = with a line of help below the answer
    CONSTRAINT "safety_daily.tier must be 1 or 2" CHECK (tier IN (1, 2)),
  count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, date, class, tier)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS safety_daily_by_age ON safety_daily (date);

-- What plans limit, exactly. usage_monthly follows usage_daily by the triggers: write the day only.
CREATE TABLE IF NOT EXISTS usage_daily (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  date TEXT NOT NULL, -- UTC day
  messages INTEGER NOT NULL DEFAULT 0, -- answered turns and turns under way
  voice_characters INTEGER NOT NULL DEFAULT 0, -- code points sent to ElevenLabs, or about to be
  conversation_seconds INTEGER NOT NULL DEFAULT 0, -- of voice conversations; an open one counts as long as it may last
  cost_usd_micros INTEGER NOT NULL DEFAULT 0, -- of all of it; what is under way counts as much as it may cost
  PRIMARY KEY (org_id, date)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS usage_daily_by_age ON usage_daily (date);
CREATE TABLE IF NOT EXISTS usage_monthly (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  month TEXT NOT NULL, -- YYYY-MM, UTC
  messages INTEGER NOT NULL DEFAULT 0,
  voice_characters INTEGER NOT NULL DEFAULT 0,
  conversation_seconds INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, month)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS usage_monthly_by_age ON usage_monthly (month);
-- One client's part of a day, of orgs whose plan has a limit. Kept for two days.
CREATE TABLE IF NOT EXISTS usage_clients (
  org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  date TEXT NOT NULL, -- UTC day
  client TEXT NOT NULL, -- keyed digest of day and address, see workers/lib/site/client.ts
  messages INTEGER NOT NULL DEFAULT 0,
  voice_characters INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, date, client)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS usage_clients_by_age ON usage_clients (date);
-- What all orgs and the requests without a key cost together; the triggers keep it.
CREATE TABLE IF NOT EXISTS usage_deployment (
  date TEXT PRIMARY KEY NOT NULL, -- UTC day
  cost_usd_micros INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS usage_daily_insert AFTER INSERT ON usage_daily
BEGIN
  INSERT INTO usage_monthly (org_id, month, messages, voice_characters, conversation_seconds)
  VALUES (NEW.org_id, substr(NEW.date, 1, 7), NEW.messages, NEW.voice_characters, NEW.conversation_seconds)
  ON CONFLICT (org_id, month) DO UPDATE
  SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters,
    conversation_seconds = conversation_seconds + excluded.conversation_seconds;
  INSERT INTO usage_deployment (date, cost_usd_micros) SELECT NEW.date, NEW.cost_usd_micros WHERE NEW.cost_usd_micros > 0
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros;
END;
-- Staff may delete a row of usage_monthly to give an org a fresh month: counting then goes on from nothing.
CREATE TRIGGER IF NOT EXISTS usage_daily_update AFTER UPDATE OF messages, voice_characters, conversation_seconds ON usage_daily
BEGIN
  INSERT INTO usage_monthly (org_id, month, messages, voice_characters, conversation_seconds)
  VALUES (NEW.org_id, substr(NEW.date, 1, 7), NEW.messages - OLD.messages, NEW.voice_characters - OLD.voice_characters,
    NEW.conversation_seconds - OLD.conversation_seconds)
  ON CONFLICT (org_id, month) DO UPDATE
  SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters,
    conversation_seconds = conversation_seconds + excluded.conversation_seconds;
END;
CREATE TRIGGER IF NOT EXISTS usage_daily_cost AFTER UPDATE OF cost_usd_micros ON usage_daily
WHEN NEW.cost_usd_micros <> OLD.cost_usd_micros
BEGIN
  INSERT INTO usage_deployment (date, cost_usd_micros) VALUES (NEW.date, MAX(0, NEW.cost_usd_micros - OLD.cost_usd_micros))
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = MAX(0, cost_usd_micros + NEW.cost_usd_micros - OLD.cost_usd_micros);
END;
CREATE TRIGGER IF NOT EXISTS usage_daily_delete AFTER DELETE ON usage_daily
BEGIN
  UPDATE usage_monthly
  SET messages = messages - OLD.messages, voice_characters = voice_characters - OLD.voice_characters,
    conversation_seconds = conversation_seconds - OLD.conversation_seconds
  WHERE org_id = OLD.org_id AND month = substr(OLD.date, 1, 7);
END;

CREATE TABLE IF NOT EXISTS legacy_usage (
  date TEXT NOT NULL, -- UTC day
  worker TEXT NOT NULL
    CONSTRAINT "legacy_usage.worker must be chat or voice" CHECK (worker IN ('chat', 'voice')),
  requests INTEGER NOT NULL DEFAULT 0,
  cost_usd_micros INTEGER NOT NULL DEFAULT 0, -- as in usage_daily
  PRIMARY KEY (date, worker)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS legacy_usage_insert AFTER INSERT ON legacy_usage WHEN NEW.cost_usd_micros > 0
BEGIN
  INSERT INTO usage_deployment (date, cost_usd_micros) VALUES (NEW.date, NEW.cost_usd_micros)
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros;
END;
CREATE TRIGGER IF NOT EXISTS legacy_usage_cost AFTER UPDATE OF cost_usd_micros ON legacy_usage WHEN NEW.cost_usd_micros <> OLD.cost_usd_micros
BEGIN
  INSERT INTO usage_deployment (date, cost_usd_micros) VALUES (NEW.date, MAX(0, NEW.cost_usd_micros - OLD.cost_usd_micros))
  ON CONFLICT (date) DO UPDATE SET cost_usd_micros = MAX(0, cost_usd_micros + NEW.cost_usd_micros - OLD.cost_usd_micros);
END;

-- ------------------------------------------------------------------ turns under way

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
  expires_at TEXT NOT NULL, -- instant from which on nobody will end it any more: the sweep settles it
  client TEXT, -- as usage_clients.client; NULL = its org has no share to keep
  cost_usd_micros INTEGER NOT NULL DEFAULT 0, -- reserved of the org's brake: the most that it may cost
  booked_usd_micros INTEGER, -- what it did cost; setting it ends the turn
  brake_percent INTEGER -- how much of the org's brake was taken with it
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS turns_by_expiry ON turns (expires_at);
CREATE INDEX IF NOT EXISTS turns_by_session ON turns (session_id) WHERE session_id IS NOT NULL;

CREATE TRIGGER IF NOT EXISTS turns_insert AFTER INSERT ON turns WHEN NEW.messages + NEW.voice_characters + NEW.cost_usd_micros > 0
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
-- A turn that is not answered gives back what it reserved.
CREATE TRIGGER IF NOT EXISTS turns_release AFTER UPDATE OF messages, voice_characters ON turns
BEGIN
  UPDATE usage_daily
  SET messages = MAX(0, messages + NEW.messages - OLD.messages), voice_characters = MAX(0, voice_characters + NEW.voice_characters - OLD.voice_characters),
    cost_usd_micros = MAX(0, cost_usd_micros + NEW.cost_usd_micros - OLD.cost_usd_micros)
  WHERE org_id = NEW.org_id AND date = NEW.date;
  UPDATE usage_clients
  SET messages = MAX(0, messages + NEW.messages - OLD.messages), voice_characters = MAX(0, voice_characters + NEW.voice_characters - OLD.voice_characters)
  WHERE org_id = NEW.org_id AND date = NEW.date AND client = NEW.client;
END;
-- One that is answered stays counted, at what it did cost.
CREATE TRIGGER IF NOT EXISTS turns_book AFTER UPDATE OF booked_usd_micros ON turns
BEGIN
  UPDATE usage_daily SET cost_usd_micros = MAX(0, cost_usd_micros + NEW.booked_usd_micros - NEW.cost_usd_micros)
  WHERE org_id = NEW.org_id AND date = NEW.date;
  DELETE FROM turns WHERE id = NEW.id;
END;
-- Whoever erases a conversation ends its turns, uncounted: what was under way is not written any more.
CREATE TRIGGER IF NOT EXISTS chat_sessions_delete AFTER DELETE ON chat_sessions
BEGIN
  UPDATE turns SET messages = 0, voice_characters = 0, cost_usd_micros = 0 WHERE session_id = OLD.id;
  DELETE FROM turns WHERE session_id = OLD.id;
  DELETE FROM visitors WHERE org_id = OLD.org_id AND visitor_id = OLD.visitor_id
    AND NOT EXISTS (SELECT 1 FROM chat_sessions c WHERE c.org_id = OLD.org_id AND c.visitor_id = OLD.visitor_id);
  UPDATE erasures SET conversations = conversations + 1, messages = messages + OLD.message_count WHERE id = OLD.erasure_id;
END;

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

-- ------------------------------------------------------------------ golden questions

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
  SELECT o.id, 'nightly', json_insert(json_object('display_name', c.display_name, 'timezone', c.timezone, 'locale', c.locale, 'brand_color', c.brand_color, 'logo_url', c.logo_url, 'greeting', c.greeting, 'suggested_questions', c.suggested_questions, 'instructions', c.instructions, 'fallback_message', c.fallback_message, 'limit_message', c.limit_message, 'retention_days', c.retention_days, 'visitor_memory', c.visitor_memory, 'answer_mode', c.answer_mode, 'contact', c.contact, 'min_pass_rate', c.min_pass_rate), '$.privacy', c.privacy, '$.consent', c.consent, '$.audience', c.audience, '$.ai_notice', c.ai_notice, '$.privacy_url', c.privacy_url, '$.terms_url', c.terms_url, '$.hidden_paths', c.hidden_paths, '$.emergency_number', c.emergency_number, '$.emergency_text', c.emergency_text, '$.country', c.country, '$.safety_phrases', c.safety_phrases, '$.provider_policy', c.provider_policy, '$.translations', c.translations, '$.widget', c.widget)
  FROM orgs o
  LEFT JOIN org_config c ON c.org_id = o.id
  WHERE o.id = NEW.org_id AND o.status NOT IN ('churned', 'inactive')
    AND NOT EXISTS (SELECT 1 FROM golden_runs INDEXED BY golden_runs_underway WHERE org_id = NEW.org_id AND status IN ('queued', 'running'));
END;

-- ------------------------------------------------------------------ records

-- The trace of what people erased: that it was done, and by whom. It outlives the org, so it refers to nothing, and holds no words.
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

CREATE TABLE IF NOT EXISTS stripe_events (
  id TEXT PRIMARY KEY NOT NULL, -- evt_…; written in one batch with its effect
  type TEXT NOT NULL,
  org_id TEXT, -- NULL = nobody's
  created_at TEXT NOT NULL, -- as Stripe says
  processed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stripe_events_by_age ON stripe_events (processed_at);
CREATE INDEX IF NOT EXISTS stripe_events_by_org ON stripe_events (org_id) WHERE org_id IS NOT NULL;
-- What Stripe told while staff decided was heard and not followed. Once they no longer do, an event that is sent again counts anew.
CREATE TRIGGER IF NOT EXISTS orgs_unlocked AFTER UPDATE OF status_locked ON orgs
WHEN OLD.status_locked = 1 AND NEW.status_locked = 0
BEGIN DELETE FROM stripe_events WHERE org_id = NEW.id; END;

CREATE TABLE IF NOT EXISTS audit_log (
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
-- One for each way in which the log is asked for, by time; without a kind both kinds are asked for. The first serves the worker of
-- schema version 4 as well, which names it.
CREATE INDEX IF NOT EXISTS audit_log_by_org ON audit_log (org_id, kind, at);
CREATE INDEX IF NOT EXISTS audit_log_by_action ON audit_log (org_id, action, at);
CREATE INDEX IF NOT EXISTS audit_log_by_user ON audit_log (org_id, user_id, kind, at);
CREATE INDEX IF NOT EXISTS audit_log_by_user_action ON audit_log (org_id, user_id, action, at);
CREATE INDEX IF NOT EXISTS audit_log_by_target ON audit_log (org_id, target, kind, at);
CREATE INDEX IF NOT EXISTS audit_log_by_age ON audit_log (at);
-- These two across all orgs, for staff.
CREATE INDEX IF NOT EXISTS audit_log_by_kind ON audit_log (kind, at);
CREATE INDEX IF NOT EXISTS audit_log_by_anyone ON audit_log (user_id, kind, at);
CREATE UNIQUE INDEX IF NOT EXISTS audit_log_by_hour ON audit_log (org_id, user_id, acting_as, impersonator_id, action, target, hour) WHERE hour IS NOT NULL;

-- How far the erasing of what is old has come: one row, or none before the first run.
CREATE TABLE IF NOT EXISTS retention_state (
  id INTEGER PRIMARY KEY
    CONSTRAINT "retention_state.id must be 1" CHECK (id = 1),
  waiting_since TEXT, -- instant of the daily run since which work waits; NULL = nothing waits
  busy_until TEXT NOT NULL DEFAULT '' -- instant until which a run may be at work; '' = none is
);

-- How far the daily comparison of counters with rows has come: one row, or none before the first run.
CREATE TABLE IF NOT EXISTS reconciliation_state (
  id INTEGER PRIMARY KEY
    CONSTRAINT "reconciliation_state.id must be 1" CHECK (id = 1),
  date TEXT NOT NULL, -- UTC day of the run that began it; the two days before are compared
  after_org TEXT -- the org up to which it is done, by id; NULL = all are
);

-- The size of the database by day, from which its growth is told.
CREATE TABLE IF NOT EXISTS database_sizes (
  date TEXT PRIMARY KEY NOT NULL, -- UTC day
  bytes INTEGER NOT NULL
) WITHOUT ROWID;

-- When each scheduled run last came to its end: whoever is on call sees one that stands still.
CREATE TABLE IF NOT EXISTS cron_runs (
  worker TEXT NOT NULL, -- as GET /health names it
  cron TEXT NOT NULL, -- its time, as the toml has it
  ended_at TEXT NOT NULL, -- instant
  PRIMARY KEY (worker, cron)
) WITHOUT ROWID;

-- ------------------------------------------------------------------ seed

INSERT INTO plans (id, name, monthly_messages, monthly_voice_characters, stripe_lookup_key, monthly_conversation_seconds, daily_budget_usd_micros)
  SELECT v.* FROM (VALUES
    ('chatbot', 'Chatbot', 50000, 200000, 'chatbot_monthly', 0, 15000000),
    ('voice', 'Voice', 50000, 1000000, 'voice_monthly', 30000, 30000000),
    ('enterprise', 'Enterprise', NULL, NULL, NULL, NULL, 150000000)) v
  WHERE NOT EXISTS (SELECT 1 FROM plans p WHERE p.id = v.column1 OR p.stripe_lookup_key = v.column5);

-- The sample customers come only into a database without any customer.
UPDATE schema_version SET seeding = NOT EXISTS (SELECT 1 FROM orgs) WHERE version = 1;
INSERT INTO orgs (id, name, slug, plan)
  SELECT 'org_chadis', 'CHADIS', 'chadis', 'enterprise' FROM schema_version WHERE seeding = 1
  UNION ALL SELECT 'org_pannu_dental', 'Pannu Dental', 'pannu-dental', 'chatbot' FROM schema_version WHERE seeding = 1;
INSERT INTO portal_sites (id, org_id, site_key, name, type)
  SELECT 'site_chadis', 'org_chadis', 'sk_chadis_live_abc123', 'CHADIS Website Assistant', 'chatbot' FROM schema_version WHERE seeding = 1
  UNION ALL SELECT 'site_pannu_dental', 'org_pannu_dental', 'sk_pannu_live_def456', 'Pannu Dental Receptionist', 'chatbot' FROM schema_version WHERE seeding = 1;
INSERT INTO org_config (org_id, greeting, suggested_questions, instructions)
  SELECT 'org_chadis', 'Hello! How can I help you with CHADIS today?',
    '["What is CHADIS?","How do I complete a questionnaire?","How do I reset my password?"]',
    'You are the assistant on the website of CHADIS, a system of online screening questionnaires for children and families, used by clinicians. Answer briefly and kindly, only about CHADIS. When you do not know, say so and point to the contact page. Never give medical advice.'
    FROM schema_version WHERE seeding = 1
  UNION ALL SELECT 'org_pannu_dental', 'Welcome to Pannu Dental! How can we help?',
    '["What are your opening hours?","Do you take new patients?","How do I book an appointment?"]',
    'You are the receptionist on the website of Pannu Dental, a dental practice. Answer briefly and kindly about the practice, its services and appointments. When you do not know, say so and offer the phone number on the contact page. Never give medical advice.'
    FROM schema_version WHERE seeding = 1;
UPDATE schema_version SET seeding = 0 WHERE seeding = 1;
