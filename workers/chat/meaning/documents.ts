import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { packVectors, vectorsPerText } from "../../lib/knowledge/meaning/vectors.ts";
import { log } from "../../lib/log.ts";
import { SECOND_MS, utcDate } from "../../lib/time.ts";
import { giveBackCost, reserveCost } from "../../lib/usage/cost.ts";
import type { OrgCost } from "../../lib/usage/cost.ts";
import { embeddingCost } from "../../lib/gemini/embed-settings.ts";
import type { EmbeddingSettings } from "../../lib/gemini/embed-settings.ts";
import { MAX_TEXTS, documentText, embedMany } from "../../lib/gemini/embed.ts";
import { GeminiFault } from "../../lib/gemini/fault.ts";
import {
	MAX_PENDING,
	parsePending,
	parseText,
	pendingStatement,
	storeStatements,
	textsStatement,
} from "./documents-statements.ts";
import type { EmbeddedText, PendingText } from "./documents-statements.ts";
import { halvesOf, stepsOf } from "./documents-steps.ts";

/** Passages of a run; the next one, five minutes later, goes on. */
const MAX_PASSAGES = 2000;
/** A run begins nothing more after so long, ms, so that it ends before the next one begins. */
const RUN_LIMIT_MS = 120 * SECOND_MS;
/** One call for up to 100 texts, ms. */
const CALL_LIMIT_MS = 20 * SECOND_MS;
/** What the vendor refuses of one text stops no other's, until it is so often in a row that it is not the texts: to find one of a hundred takes eight. */
const MAX_REFUSED = 10;

/** What a run works with. */
export interface DocumentsRun {
	db: D1Database;
	settings: EmbeddingSettings;
	/** Knowledge of no more is shown whole, and needs no vectors. */
	wholeTokens: number;
	/** Micro-USD that all orgs together may cost on a UTC day. */
	deploymentBudget: number;
	/** ms since the epoch */
	now: number;
}

/** How a run has gone. */
interface Tally {
	texts: number;
	passages: number;
	costUsdMicros: number;
	/** Of the last fault: enumerations and names, never the vendor's words. */
	fault: string | undefined;
	/** How often in a row. */
	refused: number;
	/** The vendor or the database cannot go on at the moment. */
	isOver: boolean;
	/** Orgs whose brake has no room. */
	braked: Set<string>;
	/** Texts that were refused, or changed meanwhile. */
	left: Set<string>;
}

/**
 * Part of the run every five minutes: gives passages that have none the vectors of the current model. What is new or changed is found
 * by its words at once, and by its meaning from then on. What fails is left for the next run; the texts are taken in an order of chance,
 * so that none which always fails keeps the others waiting. Never rejects.
 */
export async function embedDocuments(run: DocumentsRun): Promise<void> {
	const tally: Tally = {
		texts: 0,
		passages: 0,
		costUsdMicros: 0,
		fault: undefined,
		refused: 0,
		isOver: false,
		braked: new Set(),
		left: new Set(),
	};
	try {
		await embedPending(run, tally);
	} catch (error) {
		tally.fault = error instanceof ApiError ? (error.reason ?? error.code) : "internal";
	}
	const { texts, passages, costUsdMicros, fault, braked } = tally;
	const fields = { texts, passages, cost_usd_micros: costUsdMicros, model: run.settings.model };
	if (fault !== undefined) log("warn", "knowledge_not_embedded", { ...fields, reason: fault });
	else if (texts > 0 || braked.size > 0) log("info", "knowledge_embedded", { ...fields, orgs_at_brake: braked.size });
}

async function embedPending(run: DocumentsRun, tally: Tally): Promise<void> {
	const endsAt = Date.now() + RUN_LIMIT_MS;
	const isOver = (): boolean => tally.isOver || tally.passages >= MAX_PASSAGES || Date.now() >= endsAt;
	let found = MAX_PENDING;
	// Where there were as many as are looked for, there may be others behind those that cannot be embedded now.
	while (found >= MAX_PENDING && !isOver()) {
		const passedOver = [...tally.braked, ...tally.left];
		const [rows = []] = await repeatableBatch(run.db, [
			pendingStatement(run.db, run.settings, run.wholeTokens, passedOver),
		]);
		found = rows.length;
		const steps = stepsOf(rows.map(parsePending));
		for (let texts = steps.shift(); texts !== undefined && !isOver(); texts = steps.shift()) {
			const [{ orgId } = { orgId: "" }] = texts;
			if (!tally.braked.has(orgId)) steps.unshift(...(await embedStep(run, orgId, texts, tally)));
		}
	}
}

/** @returns what is to be tried again: the halves of what was refused, so that one text of many keeps no other waiting */
async function embedStep(
	run: DocumentsRun,
	orgId: string,
	pending: readonly PendingText[],
	tally: Tally,
): Promise<PendingText[][]> {
	const { db, settings, deploymentBudget, now } = run;
	const ids = pending.map(({ id }) => id);
	const [rows = []] = await repeatableBatch(db, [textsStatement(db, orgId, ids)]);
	const texts = rows.map(parseText);
	const documents = texts.flatMap(({ title, passages }) =>
		passages.map(({ content }) => documentText({ title, content })),
	);
	const costUsdMicros = embeddingCost(settings, documents);
	const cost: OrgCost = { orgId, date: utcDate(now), costUsdMicros, deploymentBudget };
	if (!(await reserveCost(db, cost))) {
		tally.braked.add(orgId);
		return [];
	}
	const vectors = await embedded(settings, documents, tally);
	if (vectors === undefined) {
		await giveBackCost(db, cost);
		if (pending.length > 1) return halvesOf(pending);
		for (const id of ids) tally.left.add(id);
		return [];
	}
	tally.refused = 0;
	tally.costUsdMicros += costUsdMicros;
	const stored = await store(run, orgId, texts, vectors);
	for (const id of ids) if (!stored.has(id)) tally.left.add(id);
	tally.texts += stored.size;
	tally.passages += documents.length;
	return [];
}

/** The vectors of texts, in as many calls as it takes; undefined after a fault, which is noted. */
async function embedded(
	settings: EmbeddingSettings,
	documents: readonly string[],
	tally: Tally,
): Promise<number[][] | undefined> {
	const vectors: number[][] = [];
	try {
		for (let first = 0; first < documents.length; first += MAX_TEXTS)
			vectors.push(...(await embedMany(settings, documents.slice(first, first + MAX_TEXTS), CALL_LIMIT_MS)));
		return vectors;
	} catch (thrown) {
		const reason = thrown instanceof GeminiFault ? thrown.reason : "internal";
		tally.fault = reason;
		tally.refused += 1;
		// A text that is refused is one thing, a key that is, or a vendor that is busy, another.
		const isOfText = reason === "malformed" || reason === "400 INVALID_ARGUMENT";
		tally.isOver = !isOfText || tally.refused >= MAX_REFUSED;
		return undefined;
	}
}

/** @returns ids of the texts that were stored; those that were changed meanwhile are not */
async function store(
	{ db, settings }: DocumentsRun,
	orgId: string,
	texts: readonly EmbeddedText[],
	vectors: readonly number[][],
): Promise<Set<string>> {
	const perText = vectorsPerText(settings.dimensions);
	let first = 0;
	const withVectors = texts.map((text) => {
		const own = vectors.slice(first, first + text.passages.length);
		first += text.passages.length;
		return { text, packed: packVectors(own).map((packed, index) => ({ first: index * perText, vectors: packed })) };
	});
	const results = await repeatableBatch(db, storeStatements(db, orgId, settings, withVectors));
	return new Set((results.at(-1) ?? []).map((row) => textColumn(row, "id")));
}
