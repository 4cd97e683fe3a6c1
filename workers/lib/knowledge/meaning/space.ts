/** What embeds texts: vectors of one model and length can be compared with each other and with no others. */
export interface EmbeddingSpace {
	model: string;
	dimensions: number;
}

/** Beyond so many passages of an org only those that words have found are compared: all would take too long. */
export const MAX_COMPARED = 2000;

/** A space as `knowledge.embedded_by` has it. */
export function spaceName({ model, dimensions }: EmbeddingSpace): string {
	return `${model}/${dimensions}`;
}

/**
 * A passage's packed vector, over `knowledge k` and `knowledge_passages p`; NULL = it has none. ?7 is the model, ?8 the dimensions, ?9
 * `vectorChars` of them.
 */
export const PASSAGE_VECTOR_SQL = `(
	SELECT substr(v.vectors, 1 + (p.position - v.first_position) * ?9, ?9)
	FROM knowledge_vectors v
	WHERE v.org_id = k.org_id AND v.model = ?7 AND v.dimensions = ?8 AND v.knowledge_id = k.id AND v.first_position <= p.position
	ORDER BY v.first_position DESC
	LIMIT 1)`;
