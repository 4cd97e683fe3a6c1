-- In how many of an org's passages each term is, so that a search reads one row to know how rare it is. Triggers keep it, also for the
-- version before, which goes on writing terms.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 16)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

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

INSERT OR REPLACE INTO knowledge_term_counts (org_id, term, passages)
SELECT org_id, term, COUNT(*) FROM knowledge_terms GROUP BY org_id, term;

INSERT OR IGNORE INTO schema_version (version) VALUES (16);
