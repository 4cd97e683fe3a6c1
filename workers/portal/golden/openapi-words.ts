import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const GOLDEN_WORDS: Words = {
	operations: {
		getGoldenQuestions: "What the bots are tried with before a draft is published, and each night.",
		putGoldenQuestions: "For admins and staff. The body is the whole list; what a question leaves out has its default.",
		listGoldenRuns: "How each went, in pages.",
		createGoldenRun:
			"For admins and staff. The chat asks the questions within minutes, at the organization's cost; with draft, as the draft would answer.",
		getGoldenRun: "Each question with its answer and what was wrong with it.",
	},
	properties: {
		questions: "In the order in which they are asked, at most 100.",
		question: "What is asked, 1 to 500 characters.",
		must_not_contain: "Texts that the answer must not hold, in any case, at most 10 of 200 characters.",
		expect:
			"answer: it is answered; unanswered: the bot says that it does not know; safety: it is answered as a danger.",
		version: "Rises with every change; the ETag has it.",
		updated_at: "When the list was last changed, ISO 8601 UTC; null = never.",
		updated_by: "Clerk's id of who changed it last; null = nobody.",
		"GoldenRun.id": "UUID of the run.",
		status: "queued: it begins within a minute; running; completed; incomplete: stopped_by says why.",
		origin: "on_demand: somebody asked for it; nightly: begun by itself, at night.",
		total: "Questions of the run, at most 100.",
		asked: "Questions that were asked so far.",
		passed: "Questions that were answered as they should be.",
		cost_usd_micros: "What it cost, micro-USD (1,000,000 = 1 USD).",
		stopped_by: "Why it is incomplete; null = it is not.",
		requested_by: "Clerk's id of who asked for it; null = nobody, it is nightly.",
		ended_at: "When it ended, ISO 8601 UTC; null = it has not.",
		run: "How it went.",
		runs: "The newest first.",
		results: "One for each question, in their order.",
		position: "Place in the list, from 0.",
		answer: "What the bot said; null = not asked yet.",
		finish: "How the answer ended, as in the chat; null = not asked yet.",
		draft: "true: as the draft would answer; false or absent: as the configuration in force does.",
	},
};
