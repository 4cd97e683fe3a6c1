-- What a customer pays a month, so that staff see what is left of it; and the audit log in the order of time across all customers. The
-- version before knows neither column, and leaves them as they are.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 21)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE plans ADD COLUMN monthly_price_usd_micros INTEGER
  CONSTRAINT "plans.monthly_price_usd_micros must be NULL or a whole number from 0" CHECK (monthly_price_usd_micros IS NULL OR (typeof(monthly_price_usd_micros) = 'integer' AND monthly_price_usd_micros >= 0));
ALTER TABLE orgs ADD COLUMN monthly_price_usd_micros INTEGER
  CONSTRAINT "orgs.monthly_price_usd_micros must be NULL or a whole number from 0" CHECK (monthly_price_usd_micros IS NULL OR (typeof(monthly_price_usd_micros) = 'integer' AND monthly_price_usd_micros >= 0));

CREATE INDEX IF NOT EXISTS audit_log_by_kind ON audit_log (kind, at);
CREATE INDEX IF NOT EXISTS audit_log_by_anyone ON audit_log (user_id, kind, at);

INSERT OR IGNORE INTO schema_version (version) VALUES (21);
