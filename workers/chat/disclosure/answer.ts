import { bookingBatch } from "../../lib/d1/booking.ts";
import { json } from "../../lib/http/json.ts";
import { requireWithinLimit } from "../../lib/http/rate-limit.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { log } from "../../lib/log.ts";
import { latencyColumn } from "../../lib/metrics/latency.ts";
import { metricsStatement } from "../../lib/metrics/metrics.ts";
import { admit, consentingRequest, siteRequest } from "../../lib/site/admit.ts";
import type { SiteBindings, SiteRequest } from "../../lib/site/admit.ts";
import { admitLegacy } from "../../lib/site/legacy.ts";
import type { Site } from "../../lib/site/site.ts";
import { noteStatement, unnotedStatement } from "../../lib/site/turns.ts";
import { openEventStream } from "../turn/event-stream.ts";
import type { LegacyBindings } from "../turn/legacy.ts";
import type { Asked } from "../turn/turn.ts";
import type { AnswerSafety } from "../safety/helped.ts";
import { helpAtHand } from "../safety/lane.ts";
import type { Rule } from "./rule.ts";
import type { SpokenFor } from "./texts.ts";

/** How a deployment answers with a site key, and without. */
interface Answering {
	keyed: SiteBindings;
	legacy: LegacyBindings;
}

/**
 * Answers by rule. For whom it speaks is read as for any turn, the visitor's consent asked for as well; the plan is not touched, no word
 * kept, and the conversation goes on as it was. With a site key the answer counts in the day's numbers. Where the message hints at
 * danger as well, the line of help stands below.
 * @throws {ApiError} those of `siteRequest` and `admit`; without a key those of `admitLegacy`, rate_limited, not_configured
 */
export async function answerByRule(
	answer: Rule,
	{ keyed, legacy }: Answering,
	siteKey: string | null,
	asked: Asked,
	isStreamed: boolean,
): Promise<Response> {
	const spokenFor = siteKey === null ? await ofDeployment(legacy, asked) : await ofSite(keyed, siteKey, asked);
	return respond({ answer, spokenFor, safety: safetyOf(asked, siteKey) }, asked, isStreamed);
}

async function ofSite(bindings: SiteBindings, siteKey: string, asked: Asked): Promise<SpokenFor> {
	const request = await consentingRequest(siteRequest(bindings, siteKey, asked.origin, asked), asked.consent);
	const { site } = await admit(request, { whenBroken: "allow", statements: () => [] });
	asked.waitUntil(count(request, site, asked));
	return { name: site.displayName ?? site.orgName, contact: contactLine(site.contact) };
}

async function ofDeployment({ rules, limiter, name }: LegacyBindings, asked: Asked): Promise<SpokenFor> {
	admitLegacy(rules, asked.origin);
	await requireWithinLimit(limiter, "LEGACY_LIMITER", asked.client, "refuse");
	return { name, contact: null };
}

/** How a person is reached, on one line; null = the owner has not said. */
export function contactLine(contact: string | null): string | null {
	const line = contact?.trim().replace(/\s+/g, " ") ?? "";
	return line === "" ? null : line;
}

/** Counts it as one that was known without asking the model. Never rejects; a note in the turn's place keeps a repeat from counting twice. */
function count(
	{ db, date, at }: SiteRequest,
	site: Site,
	{ requestId, clock, startedAt }: RequestContext,
): Promise<void> {
	const { orgId, id: siteId } = site;
	const latencyMs = clock() - startedAt;
	const deltas = { messages: 1, curated: 1, latency_sum_ms: latencyMs, [latencyColumn(latencyMs)]: 1 };
	const note = noteStatement(db, { id: requestId, orgId, siteId, date, at });
	const statements = [note, metricsStatement(db, { orgId, siteId, date, now: at }, deltas)];
	const fields = { request_id: requestId, org_id: orgId, site_id: siteId, date, at, latency_ms: latencyMs };
	const landed = { unique: "turns.id", pending: unnotedStatement(db, requestId) };
	return bookingBatch(db, statements, "rule_not_counted", fields, landed);
}

function safetyOf(asked: Asked, siteKey: string | null): AnswerSafety | undefined {
	const { danger, country } = asked;
	if (danger === undefined) return undefined;
	const text = helpAtHand({ siteKey, country }, asked).line(danger);
	return { class: danger.class, tier: danger.tier, text };
}

/** What is said by rule, and for whom. */
interface Said {
	answer: Rule;
	spokenFor: SpokenFor;
	safety: AnswerSafety | undefined;
}

function respond(
	{ answer: { name, text }, spokenFor, safety }: Said,
	{ requestId, chat, clock, startedAt }: Asked,
	isStreamed: boolean,
): Response {
	log("info", "answered_by_rule", { request_id: requestId, rule: name });
	const said = text(spokenFor);
	const below = safety === undefined ? "" : `\n\n${safety.text}`;
	const response = said + below;
	const ids = { session_id: chat.sessionId, message_id: null };
	const times = { latency_ms: clock() - startedAt, finish: "curated" };
	const done = { response, ...ids, ...times, ...(safety === undefined ? {} : { safety }), sources: [] };
	if (!isStreamed) return json(done);
	const stream = openEventStream();
	stream.send("session", ids);
	stream.send("delta", { text: said });
	if (below !== "") stream.send("delta", { text: below });
	if (safety !== undefined) stream.send("safety", safety);
	stream.send("done", done);
	stream.close();
	return stream.response;
}
