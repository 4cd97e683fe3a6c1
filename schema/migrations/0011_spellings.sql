-- Found in spite of a typo: what each term of knowledge may be mistyped as. Triggers keep it, also for the version before, which
-- goes on writing terms.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 11)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

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

INSERT OR IGNORE INTO knowledge_spellings (org_id, spelling, place, term)
SELECT org_id, CASE column1 WHEN 0 THEN term ELSE substr(term, 1, column1 - 1) || substr(term, column1 + 1) END, column1, term
FROM (SELECT DISTINCT org_id, term FROM knowledge_terms WHERE length(term) BETWEEN 4 AND 24 AND term NOT GLOB '*[0-9]*')
CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19), (20), (21), (22), (23), (24))
WHERE column1 <= length(term);

INSERT OR IGNORE INTO schema_version (version) VALUES (11);
