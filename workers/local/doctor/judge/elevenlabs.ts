import type { Deployment, ElevenLabsFacts, Facts, Reply } from "../facts.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, deploymentOf, items, setVariable, table, textAt, variable } from "../tables.ts";
import { isStatus, notAsked, troubleOf } from "./reply.ts";

/** ElevenLabs' default voices end with 2026, but for this one. */
const LASTING_VOICE = "hpp4J3VqNfWAUOO0d1Us";
const AGENTS = "https://api.elevenlabs.io/v1/convai/agents";
const DEFAULT_MAX_SECONDS = 600;
const OUT_OF_CREDITS = ["quota_exceeded", "insufficient_credits"];

/** Whether texts are spoken, and conversations held by nobody but our visitors, for no longer than is booked. */
export function judgeElevenLabs(facts: Facts): Finding[] {
	const { elevenlabs, place, deployments } = facts;
	const voice = deploymentOf(deployments, "voice");
	const conversation = deploymentOf(deployments, "conversation");
	if (voice === undefined) return [];
	if ("skipped" in elevenlabs)
		return notAsked("elevenlabs", "ElevenLabs", "ELEVENLABS_API_KEY", place, elevenlabs.skipped);
	const told = elevenlabs.facts;
	const key = judgeKey(told, place, voice);
	if (key.some(({ level }) => level === "fix")) return key;
	return [
		...key,
		...judgeVoices(told, voice),
		...(conversation === undefined ? [] : judgeAgents(told, conversation, place)),
	];
}

function judgeKey({ speech }: ElevenLabsFacts, place: string, voice: Deployment): Finding[] {
	const check = "elevenlabs.key";
	const put =
		place === "local"
			? "echo 'ELEVENLABS_API_KEY=<its value>' >> .dev.vars"
			: `npx wrangler secret put ELEVENLABS_API_KEY ${configFlags(voice)}`;
	if (isStatus(speech, 200)) return [ok(check, "ELEVENLABS_API_KEY speaks.")];
	if (lacksRight(speech))
		return [
			warn(
				check,
				"ELEVENLABS_API_KEY may not speak.",
				"give the key the right `text_to_speech` at https://elevenlabs.io/app/settings/api-keys, or use the key of chadis-voice",
			),
		];
	if ("failed" in speech)
		return [fix(check, `ElevenLabs tells nothing: ${speech.failed}.`, "curl -I https://api.elevenlabs.io")];
	const code = textAt(speech.body, "detail", "code") || textAt(speech.body, "detail", "status");
	// A quota that is used up comes as 401, too.
	if (OUT_OF_CREDITS.includes(code))
		return [fix(check, "ElevenLabs has no credits left for us.", "see https://elevenlabs.io/app/subscription")];
	if (speech.status === 401) return [fix(check, "ElevenLabs refuses ELEVENLABS_API_KEY.", put)];
	return [
		fix(
			check,
			`No text is spoken: ElevenLabs answers ${speech.status}${code === "" ? "" : ` ${code}`}.`,
			"see plan, credits, voice and model at https://elevenlabs.io/app/usage",
		),
	];
}

/** A key of fewer rights than what was asked for needs. */
function lacksRight(reply: Reply): boolean {
	const detail = isStatus(reply, 401) || isStatus(reply, 403) ? table(table(reply.body)["detail"]) : {};
	return detail["code"] === "missing_permissions" || detail["status"] === "missing_permissions";
}

function judgeVoices({ voices }: ElevenLabsFacts, voice: Deployment): Finding[] {
	const check = "elevenlabs.voices";
	const faults = [...voices].flatMap(([id, reply]) => {
		const name = id === variable(voice, "ELEVENLABS_VOICE_ID") ? "ELEVENLABS_VOICE_ID" : "ELEVENLABS_VOICE_IDS";
		const rest = items(voice, name).filter((other) => other !== id);
		const mend = setVariable(voice, name, name === "ELEVENLABS_VOICE_ID" ? LASTING_VOICE : rest.join(","));
		if (isStatus(reply, 404) || isStatus(reply, 400)) return [fix(check, `There is no voice ${id}.`, mend)];
		if (lacksRight(reply))
			return [
				warn(
					check,
					`ELEVENLABS_API_KEY may not read the voice ${id}.`,
					"give the key the right `voices_read` at https://elevenlabs.io/app/settings/api-keys",
				),
			];
		if (!isStatus(reply, 200))
			return [warn(check, `The voice ${id} is not known: ${troubleOf(reply)}.`, "npm run doctor, later")];
		const isEnding = textAt(reply.body, "category") === "premade" && id !== LASTING_VOICE;
		return isEnding
			? [warn(check, `The voice ${id} is one of the default voices, which end on 2026-12-31.`, mend)]
			: [];
	});
	return unlessFaulty(faults, check, `There are the voices ${[...voices.keys()].join(", ")}.`);
}

function judgeAgents({ agents, mint }: ElevenLabsFacts, conversation: Deployment, place: string): Finding[] {
	const check = "elevenlabs.agents";
	if (agents.size === 0)
		return [
			warn(
				check,
				"No agent is set: nobody can talk with the bot.",
				setVariable(conversation, "ELEVENLABS_AGENT_ID", "agent_…"),
			),
		];
	const faults = [...agents].flatMap(([id, reply]) => judgeAgent(id, reply, conversation, place));
	if (mint !== undefined && lacksRight(mint))
		faults.push(
			warn(
				check,
				"ELEVENLABS_API_KEY may not open conversations.",
				`ELEVENLABS_API_KEY=<the key of ${String(conversation.table["name"])}> npm run doctor${place === "local" ? "" : ` -- --env ${place}`}`,
			),
		);
	return unlessFaulty(faults, check, `Private and capped: ${[...agents.keys()].join(", ")}.`);
}

function judgeAgent(id: string, reply: Reply, conversation: Deployment, place: string): Finding[] {
	const check = "elevenlabs.agents";
	if (isStatus(reply, 404))
		return [
			fix(
				check,
				`There is no agent ${id}.`,
				`${setVariable(conversation, "ELEVENLABS_AGENT_ID", "agent_…")} (or mend portal_sites.agent_id)`,
			),
		];
	if (lacksRight(reply))
		return [
			warn(
				check,
				`ELEVENLABS_API_KEY may not read the agent ${id}.`,
				`ELEVENLABS_API_KEY=<the key of ${String(conversation.table["name"])}> npm run doctor${place === "local" ? "" : ` -- --env ${place}`}`,
			),
		];
	if (!isStatus(reply, 200))
		return [warn(check, `The agent ${id} is not known: ${troubleOf(reply)}.`, "npm run doctor, later")];
	return judgeSettings(id, reply.body, conversation);
}

function judgeSettings(id: string, body: unknown, conversation: Deployment): Finding[] {
	const check = "elevenlabs.agents";
	const change = (settings: unknown): string =>
		`curl -X PATCH ${AGENTS}/${id} -H "xi-api-key: $ELEVENLABS_API_KEY" -H 'Content-Type: application/json' -d '${JSON.stringify(settings)}'`;
	const platform = table(table(body)["platform_settings"]);
	const faults: Finding[] = [];
	if (table(platform["auth"])["enable_auth"] !== true)
		faults.push(
			fix(
				check,
				`Whoever knows its id can talk with the agent ${id}, at our cost.`,
				change({ platform_settings: { auth: { enable_auth: true } } }),
			),
		);
	const longest = table(table(table(body)["conversation_config"])["conversation"])["max_duration_seconds"];
	const cap = Number(variable(conversation, "MAX_SESSION_SECONDS") || DEFAULT_MAX_SECONDS);
	if (typeof longest !== "number" || longest > cap)
		faults.push(
			fix(
				check,
				`The agent ${id} talks for up to ${String(longest)} s, and MAX_SESSION_SECONDS books ${cap}.`,
				change({ conversation_config: { conversation: { max_duration_seconds: cap } } }),
			),
		);
	if (table(platform["call_limits"])["bursting_enabled"] === true)
		faults.push(
			warn(
				check,
				`The agent ${id} takes more calls than the plan has, at twice the price.`,
				change({ platform_settings: { call_limits: { bursting_enabled: false } } }),
			),
		);
	const isSaidZero = items(conversation, "ELEVENLABS_ZERO_RETENTION_AGENTS").includes(id);
	if (isSaidZero && table(platform["privacy"])["zero_retention_mode"] !== true)
		faults.push(
			fix(
				check,
				`ELEVENLABS_ZERO_RETENTION_AGENTS has ${id}, of which ElevenLabs keeps what is said.`,
				change({ platform_settings: { privacy: { zero_retention_mode: true } } }),
			),
		);
	return faults;
}
