import { DAY_MS } from "../../../lib/time.ts";
import type { Deployment, Facts, GeminiFacts, Reply } from "../facts.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { pricedModels } from "../gather/vendors.ts";
import { configFlags, deploymentOf, setVariable, table, tables, textAt, variable } from "../tables.ts";
import { isStatus, notAsked, troubleOf } from "./reply.ts";

/** Before a model's end somebody has to try another, ms. */
const NOTICE_MS = 90 * DAY_MS;
/** What Google has announced and its API does not tell (ai.google.dev/gemini-api/docs/deprecations, read 2026-11-10). */
const ENDS: readonly { model: RegExp; date: string; successor: string }[] = [
	{ model: /^gemini-2\.0-flash/, date: "2026-06-01", successor: "gemini-3.5-flash-lite" },
	{ model: /^gemini-2\.5-flash$/, date: "2026-12-01", successor: "gemini-3.5-flash-lite" },
	{ model: /^gemini-2\.5-pro$/, date: "2026-12-01", successor: "gemini-3.8-flash" },
	{ model: /^gemini-3\.1-flash-lite$/, date: "2027-05-07", successor: "gemini-3.5-flash-lite" },
];
const VARIABLES = ["GEMINI_MODEL", "GEMINI_FALLBACK_MODEL", "GEMINI_EMBEDDING_MODEL"];

/** Whether visitors are answered, and for how long yet. */
export function judgeGemini(facts: Facts): Finding[] {
	const chat = deploymentOf(facts.deployments, "chat");
	const { gemini, place } = facts;
	if (chat === undefined) return [];
	const own = [...judgeEnds(chat, facts), ...judgeEngines(chat, facts)];
	if ("skipped" in gemini) return [...notAsked("gemini", "Gemini", "GEMINI_API_KEY", place, gemini.skipped), ...own];
	return [...judgeKey(gemini.facts, facts, chat), ...own];
}

function judgeKey({ models, answers }: GeminiFacts, { place, now }: Facts, chat: Deployment): Finding[] {
	const put =
		place === "local"
			? "echo 'GEMINI_API_KEY=<its value>' >> .dev.vars"
			: `npx wrangler secret put GEMINI_API_KEY ${configFlags(chat)}`;
	const replies = [...models.values(), ...answers.values()];
	if (replies.some(isKeyRefused)) return [fix("gemini.key", "Gemini refuses GEMINI_API_KEY.", put)];
	if (!replies.some((reply) => "status" in reply)) {
		const trouble = replies[0] === undefined ? "no model is set" : troubleOf(replies[0]);
		return [
			fix("gemini.key", `Gemini tells nothing: ${trouble}.`, "curl -I https://generativelanguage.googleapis.com"),
		];
	}
	const missing = [...models].filter(([, reply]) => isStatus(reply, 404)).map(([model]) => missingModel(chat, model));
	const silent = [...answers]
		.filter(([model, reply]) => !isStatus(reply, 200) && !isStatus(models.get(model), 404))
		.map(([model, reply]) =>
			fix(
				"gemini.models",
				`${model} does not answer: ${troubleOf(reply)}.`,
				`see the quota and the region of the key, or ${useOther(chat, model)}`,
			),
		);
	const ending = [...answers].flatMap(([model, reply]) => toldEnd(model, reply, chat, now));
	return [
		ok("gemini.key", "GEMINI_API_KEY works."),
		...unlessFaulty([...missing, ...silent, ...ending], "gemini.models", `There are ${[...models.keys()].join(", ")}.`),
	];
}

/** Google refuses a key by 400 with a reason, by 401 or by 403. */
function isKeyRefused(reply: Reply): boolean {
	if (isStatus(reply, 401) || isStatus(reply, 403)) return true;
	if (!isStatus(reply, 400)) return false;
	return tables(table(table(reply.body)["error"])["details"]).some((detail) => detail["reason"] === "API_KEY_INVALID");
}

function missingModel(chat: Deployment, model: string): Finding {
	return fix("gemini.models", `Gemini has no model ${model}.`, useOther(chat, model));
}

function useOther(chat: Deployment, model: string): string {
	const name = VARIABLES.find((one) => variable(chat, one) === model);
	const other = successorOf(model);
	return name === undefined
		? `take ${model} out of GEMINI_MODELS in ${chat.config}, then: npx wrangler deploy ${configFlags(chat)}`
		: setVariable(chat, name, other);
}

function successorOf(model: string): string {
	return ENDS.find((end) => end.model.test(model))?.successor ?? "gemini-3.5-flash-lite";
}

/** What a model's own answer says of its end. */
function toldEnd(model: string, reply: Reply, chat: Deployment, now: number): Finding[] {
	if (!isStatus(reply, 200)) return [];
	const stage = textAt(reply.body, "modelStatus", "modelStage");
	const time = Date.parse(textAt(reply.body, "modelStatus", "retirementTime"));
	if (Number.isNaN(time))
		return /LEGACY|DEPRECATED|RETIRED/.test(stage) ? [ends(chat, model, stage.toLowerCase())] : [];
	return time - now < NOTICE_MS ? [ends(chat, model, `ends ${new Date(time).toISOString().slice(0, 10)}`)] : [];
}

function ends(chat: Deployment, model: string, how: string): Finding {
	return warn("gemini.models", `${model}: Google says ${how}.`, useOther(chat, model));
}

function judgeEnds(chat: Deployment, { now }: Facts): Finding[] {
	const used = new Set([...VARIABLES.map((name) => variable(chat, name)), ...pricedModels(chat)]);
	return [...used].flatMap((model) => {
		const end = ENDS.find((one) => one.model.test(model));
		const restMs = end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end.date) - now;
		if (end === undefined || restMs > NOTICE_MS) return [];
		const message = `${model} ${restMs <= 0 ? "ended" : "ends"} ${end.date}.`;
		const isNeeded = VARIABLES.some((name) => variable(chat, name) === model);
		const mend = useOther(chat, model);
		return [restMs <= 0 && isNeeded ? fix("gemini.models", message, mend) : warn("gemini.models", message, mend)];
	});
}

/** An engine whose model has no price is answered by the deployment's own. */
function judgeEngines(chat: Deployment, { database }: Facts): Finding[] {
	const models = "value" in database ? (database.value.content?.models ?? []) : [];
	const priced = pricedModels(chat);
	const faults = [...VARIABLES.slice(0, 2).map((name) => variable(chat, name)), ...models]
		.filter((model) => model !== "" && !priced.includes(model))
		.map((model) =>
			fix(
				"gemini.prices",
				`${model} has no line in GEMINI_MODELS, and so is never asked.`,
				`add "${model}" = { input = …, output = … } to GEMINI_MODELS below ${chat.config}'s vars, then: npx wrangler deploy ${configFlags(chat)}`,
			),
		);
	return faults;
}
