/** Rows a site may have in question_stats. */
const SLOTS = 500;

/** The slot in question_stats that a question (its `questionKey`) takes or contends for, 0 to 499: FNV-1a over UTF-16 units. */
export function slotOf(question: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < question.length; index++) {
		hash = Math.imul(hash ^ question.charCodeAt(index), 0x01000193);
	}
	return (hash >>> 0) % SLOTS;
}
