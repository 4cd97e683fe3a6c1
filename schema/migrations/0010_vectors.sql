-- Found by meaning: the vectors of knowledge, and which texts have none of the current model. The version before goes on
-- writing texts and passages, whose vectors the triggers then take away.

DROP TRIGGER IF EXISTS schema_version_old;
CREATE TRIGGER schema_version_old BEFORE UPDATE OF seeding ON schema_version
WHEN NOT EXISTS (SELECT 1 FROM schema_version WHERE version >= 10)
BEGIN SELECT RAISE(ABORT, 'this database has an older schema: run `npm run migrate` (wrangler d1 migrations apply), which keeps every row'); END;

ALTER TABLE orgs ADD COLUMN knowledge_vectors INTEGER NOT NULL DEFAULT 0;
ALTER TABLE knowledge ADD COLUMN embedded_by TEXT NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS knowledge_by_embedding ON knowledge (embedded_by, id) WHERE passages > 0;

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

INSERT OR IGNORE INTO schema_version (version) VALUES (10);
