-- How often visitors spoke of danger, by what of.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 13)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

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

INSERT OR IGNORE INTO schema_version (version) VALUES (13);
