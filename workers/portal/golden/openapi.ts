import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COUNT,
	FLAG,
	ID,
	IF_MATCH,
	INSTANT,
	PAGE,
	TEXT,
	body,
	choice,
	listOf,
	ofOrg,
	orNull,
	pageOf,
	text,
} from "../request/openapi-parts.ts";
import {
	EXPECTATIONS,
	GOLDEN_QUESTION_CHARS,
	GOLDEN_SOURCE_CHARS,
	GOLDEN_TEXT_CHARS,
	MAX_GOLDEN_QUESTIONS,
	MAX_GOLDEN_TEXTS,
} from "./golden-question.ts";
import { GOLDEN_WORDS } from "./openapi-words.ts";

const TEXTS = listOf(text(GOLDEN_TEXT_CHARS), MAX_GOLDEN_TEXTS);
const QUESTION = {
	question: text(GOLDEN_QUESTION_CHARS),
	must_contain: { ...TEXTS, description: "Texts that the answer must hold, in any case." },
	must_not_contain: TEXTS,
	source: { ...orNull(text(GOLDEN_SOURCE_CHARS)), description: "Title or URL of what the answer must rest on." },
	expect: choice(...EXPECTATIONS),
};
const QUESTIONS = listOf(closedObjectSchema(QUESTION), MAX_GOLDEN_QUESTIONS);
const SENT = closedObjectSchema(QUESTION, ["must_contain", "must_not_contain", "source", "expect"]);

const RUN = closedObjectSchema({
	id: TEXT,
	status: choice("queued", "running", "completed", "incomplete"),
	origin: choice("on_demand", "nightly"),
	draft: { ...FLAG, description: "Whether the draft was asked." },
	total: COUNT,
	asked: COUNT,
	passed: COUNT,
	pass_rate: { ...orNull(COUNT), description: "Percent, rounded down; null unless the run is completed." },
	cost_usd_micros: COUNT,
	stopped_by: orNull(choice("model_unavailable", "budget_exhausted", "org_inactive", "expired", "internal")),
	requested_by: orNull(TEXT),
	created_at: INSTANT,
	ended_at: orNull(INSTANT),
});

const RESULT = closedObjectSchema({
	position: COUNT,
	question: TEXT,
	verdict: { ...orNull(choice("passed", "failed")), description: "null = not answered." },
	faults: {
		...listOf(TEXT),
		description: "What was not as it should be: expect, cut, source, must_contain.0, must_not_contain.0 and so on.",
	},
	answer: orNull(TEXT),
	finish: orNull(TEXT),
	sources: { ...listOf(TEXT), description: "Titles of what the answer said it rests on." },
});

/** Questions with known right answers. */
export const GOLDEN_ROOM: OpenapiRoom = {
	tag: { name: "Golden questions", description: "Questions with known right answers." },
	words: GOLDEN_WORDS,
	schemas: {
		GoldenQuestions: closedObjectSchema({
			questions: QUESTIONS,
			version: COUNT,
			updated_at: orNull(INSTANT),
			updated_by: orNull(TEXT),
		}),
		GoldenRun: RUN,
		GoldenRunAnswer: closedObjectSchema({ run: schema("GoldenRun") }),
		GoldenRuns: pageOf("runs", "GoldenRun"),
		GoldenRunWhole: closedObjectSchema({ run: schema("GoldenRun"), results: listOf(RESULT, MAX_GOLDEN_QUESTIONS) }),
	},
	paths: {
		"/portal/golden-questions": {
			get: ofOrg("getGoldenQuestions", "The questions with known right answers", "GoldenQuestions", { isTagged: true }),
			put: ofOrg("putGoldenQuestions", "The list whole", "GoldenQuestions", {
				parameters: [IF_MATCH],
				requestBody: body({ questions: listOf(SENT, MAX_GOLDEN_QUESTIONS) }),
				isTagged: true,
				errors: ["precondition_failed"],
			}),
		},
		"/portal/golden-questions/runs": {
			get: ofOrg("listGoldenRuns", "The runs, the newest first", "GoldenRuns", { parameters: PAGE }),
			post: ofOrg("createGoldenRun", "Queues a run; one of an organization is under way at a time", "GoldenRunAnswer", {
				requestBody: body({ draft: FLAG }, ["draft"]),
				status: "201",
				errors: ["conflict"],
			}),
		},
		"/portal/golden-questions/runs/{id}": {
			get: ofOrg("getGoldenRun", "A run with what became of each question", "GoldenRunWhole", {
				parameters: [ID],
				errors: ["not_found"],
			}),
		},
	},
};
