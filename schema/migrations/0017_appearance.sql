-- What the widget says in the visitors' languages, and what it looks like. The version before goes on writing configurations, and leaves
-- these as they are; a version of one that was kept without them holds their defaults.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 17)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE org_config ADD COLUMN translations TEXT
  CONSTRAINT "org_config.translations must be NULL or a JSON object" CHECK (translations IS NULL OR (json_valid(translations) AND json_type(translations) = 'object'));
ALTER TABLE org_config ADD COLUMN widget TEXT
  CONSTRAINT "org_config.widget must be NULL or a JSON object" CHECK (widget IS NULL OR (json_valid(widget) AND json_type(widget) = 'object'));

-- Each of them names every field of a configuration. D1 gives a function at most 32 arguments, so json_insert goes on where json_object ends.
DROP TRIGGER IF EXISTS org_config_version;
CREATE TRIGGER org_config_version AFTER UPDATE OF display_name, timezone, locale, brand_color, logo_url, greeting,
  suggested_questions, instructions, fallback_message, limit_message, retention_days, visitor_memory, answer_mode, contact,
  min_pass_rate, privacy, consent, audience, ai_notice, privacy_url, terms_url, hidden_paths, emergency_number, emergency_text, country,
  safety_phrases, provider_policy, translations, widget ON org_config
WHEN NEW.version = OLD.version
BEGIN UPDATE org_config SET version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE org_id = NEW.org_id; END;
DROP TRIGGER IF EXISTS org_config_first;
CREATE TRIGGER org_config_first AFTER INSERT ON org_config
BEGIN
  INSERT INTO config_versions (org_id, version, config, created_at, cause)
  VALUES (NEW.org_id, NEW.version, json_insert(json_object('display_name', NEW.display_name, 'timezone', NEW.timezone, 'locale', NEW.locale, 'brand_color', NEW.brand_color, 'logo_url', NEW.logo_url, 'greeting', NEW.greeting, 'suggested_questions', NEW.suggested_questions, 'instructions', NEW.instructions, 'fallback_message', NEW.fallback_message, 'limit_message', NEW.limit_message, 'retention_days', NEW.retention_days, 'visitor_memory', NEW.visitor_memory, 'answer_mode', NEW.answer_mode, 'contact', NEW.contact, 'min_pass_rate', NEW.min_pass_rate), '$.privacy', NEW.privacy, '$.consent', NEW.consent, '$.audience', NEW.audience, '$.ai_notice', NEW.ai_notice, '$.privacy_url', NEW.privacy_url, '$.terms_url', NEW.terms_url, '$.hidden_paths', NEW.hidden_paths, '$.emergency_number', NEW.emergency_number, '$.emergency_text', NEW.emergency_text, '$.country', NEW.country, '$.safety_phrases', NEW.safety_phrases, '$.provider_policy', NEW.provider_policy, '$.translations', NEW.translations, '$.widget', NEW.widget), NEW.updated_at, 'by_hand')
  ON CONFLICT (org_id, version) DO UPDATE
  SET created_at = IIF(config IS NULL, created_at, excluded.created_at), user_id = IIF(config IS NULL, user_id, NULL), cause = IIF(config IS NULL, cause, excluded.cause),
    reason = IIF(config IS NULL, reason, NULL), made_from = IIF(config IS NULL, made_from, NULL), config = excluded.config;
  DELETE FROM config_versions WHERE org_id = NEW.org_id AND version <= NEW.version - 200;
END;
DROP TRIGGER IF EXISTS org_config_next;
CREATE TRIGGER org_config_next AFTER UPDATE OF version ON org_config
WHEN NEW.version <> OLD.version
BEGIN
  INSERT INTO config_versions (org_id, version, config, created_at, cause)
  VALUES (NEW.org_id, NEW.version, json_insert(json_object('display_name', NEW.display_name, 'timezone', NEW.timezone, 'locale', NEW.locale, 'brand_color', NEW.brand_color, 'logo_url', NEW.logo_url, 'greeting', NEW.greeting, 'suggested_questions', NEW.suggested_questions, 'instructions', NEW.instructions, 'fallback_message', NEW.fallback_message, 'limit_message', NEW.limit_message, 'retention_days', NEW.retention_days, 'visitor_memory', NEW.visitor_memory, 'answer_mode', NEW.answer_mode, 'contact', NEW.contact, 'min_pass_rate', NEW.min_pass_rate), '$.privacy', NEW.privacy, '$.consent', NEW.consent, '$.audience', NEW.audience, '$.ai_notice', NEW.ai_notice, '$.privacy_url', NEW.privacy_url, '$.terms_url', NEW.terms_url, '$.hidden_paths', NEW.hidden_paths, '$.emergency_number', NEW.emergency_number, '$.emergency_text', NEW.emergency_text, '$.country', NEW.country, '$.safety_phrases', NEW.safety_phrases, '$.provider_policy', NEW.provider_policy, '$.translations', NEW.translations, '$.widget', NEW.widget), NEW.updated_at, 'by_hand')
  ON CONFLICT (org_id, version) DO UPDATE
  SET created_at = IIF(config IS NULL, created_at, excluded.created_at), user_id = IIF(config IS NULL, user_id, NULL), cause = IIF(config IS NULL, cause, excluded.cause),
    reason = IIF(config IS NULL, reason, NULL), made_from = IIF(config IS NULL, made_from, NULL), config = excluded.config;
  DELETE FROM config_versions WHERE org_id = NEW.org_id AND version <= NEW.version - 200;
END;
DROP TRIGGER IF EXISTS golden_questions_night;
CREATE TRIGGER golden_questions_night AFTER UPDATE OF nightly_date ON golden_questions
WHEN NEW.nightly_date > OLD.nightly_date AND json_array_length(NEW.questions) > 0
BEGIN
  INSERT INTO golden_runs (org_id, origin, config)
  SELECT o.id, 'nightly', json_insert(json_object('display_name', c.display_name, 'timezone', c.timezone, 'locale', c.locale, 'brand_color', c.brand_color, 'logo_url', c.logo_url, 'greeting', c.greeting, 'suggested_questions', c.suggested_questions, 'instructions', c.instructions, 'fallback_message', c.fallback_message, 'limit_message', c.limit_message, 'retention_days', c.retention_days, 'visitor_memory', c.visitor_memory, 'answer_mode', c.answer_mode, 'contact', c.contact, 'min_pass_rate', c.min_pass_rate), '$.privacy', c.privacy, '$.consent', c.consent, '$.audience', c.audience, '$.ai_notice', c.ai_notice, '$.privacy_url', c.privacy_url, '$.terms_url', c.terms_url, '$.hidden_paths', c.hidden_paths, '$.emergency_number', c.emergency_number, '$.emergency_text', c.emergency_text, '$.country', c.country, '$.safety_phrases', c.safety_phrases, '$.provider_policy', c.provider_policy, '$.translations', c.translations, '$.widget', c.widget)
  FROM orgs o
  LEFT JOIN org_config c ON c.org_id = o.id
  WHERE o.id = NEW.org_id AND o.status NOT IN ('churned', 'inactive')
    AND NOT EXISTS (SELECT 1 FROM golden_runs INDEXED BY golden_runs_underway WHERE org_id = NEW.org_id AND status IN ('queued', 'running'));
END;
-- The version in force is whole at once; an older one is read as if it had set nothing of these.
UPDATE config_versions SET config = json_insert(config, '$.translations', NULL, '$.widget', NULL)
WHERE (org_id, version) IN (SELECT org_id, version FROM org_config) AND config IS NOT NULL;

INSERT OR IGNORE INTO schema_version (version) VALUES (17);
