import { ApiError } from "../../../lib/http/errors.ts";
import { uncoveredHost } from "../../../lib/vendor/covered-hosts.ts";
import { vertexHost } from "../../../chat/gemini/vertex/host.ts";
import type { Deployment, Facts } from "../facts.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, deploymentOf, items, setVariable, variable } from "../tables.ts";

const CHECK = "agreements";
const HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,63}$|^localhost$|^127\.0\.0\.1$/i;

/** Whether organizations that are answered only under an agreement on patients' data are answered at all. */
export function judgeAgreements(facts: Facts): Finding[] {
	const { deployments, database } = facts;
	const malformed = deployments.flatMap(judgeList);
	if (malformed.length > 0) return malformed;
	const orgs = "value" in database ? (database.value.content?.baaOrgs ?? 0) : 0;
	if (orgs === 0) return [ok(CHECK, "No organization demands an agreement (provider_policy baa), as far as is known.")];
	const faults = [...judgeChat(facts, orgs), ...["voice", "conversation"].flatMap((of) => judgeVoice(facts, of, orgs))];
	return unlessFaulty(
		faults,
		CHECK,
		`${orgs} organizations demand an agreement, and the hosts that serve them are covered.`,
	);
}

function judgeList(deployment: Deployment): Finding[] {
	return items(deployment, "COVERED_HOSTS")
		.filter((host) => !HOST.test(host))
		.map((host) =>
			fix(
				CHECK,
				`${host} in COVERED_HOSTS of ${deployment.title} is no host's name, so that the whole list covers nobody.`,
				setVariable(
					deployment,
					"COVERED_HOSTS",
					items(deployment, "COVERED_HOSTS")
						.filter((one) => HOST.test(one))
						.join(","),
				),
			),
		);
}

function judgeChat({ deployments, secrets }: Facts, orgs: number): Finding[] {
	const chat = deploymentOf(deployments, "chat");
	if (chat === undefined) return [];
	const faults: Finding[] = [];
	const there = secrets.get(chat.title);
	const hasAccount = there === undefined || "unknown" in there || there.value.includes("VERTEX_SERVICE_ACCOUNT");
	if (!hasAccount)
		faults.push(
			fix(
				CHECK,
				`${orgs} organizations demand an agreement, and the chat has no VERTEX_SERVICE_ACCOUNT: they are not answered.`,
				`npx wrangler secret put VERTEX_SERVICE_ACCOUNT ${configFlags(chat)}`,
			),
		);
	const url = vertexUrl(chat);
	if (url === undefined)
		return [...faults, fix(CHECK, "VERTEX_LOCATION is no location.", setVariable(chat, "VERTEX_LOCATION", "us"))];
	if (uncoveredHost(url, variable(chat, "COVERED_HOSTS"), "Vertex AI") !== undefined)
		faults.push(
			fix(
				CHECK,
				`${orgs} organizations demand an agreement, and COVERED_HOSTS of the chat lacks ${new URL(url).hostname}.`,
				covering(chat, url),
			),
		);
	return faults;
}

function vertexUrl(chat: Deployment): string | undefined {
	const own = variable(chat, "VERTEX_BASE_URL");
	if (own !== "") return URL.canParse(own) ? own : undefined;
	try {
		return `https://${vertexHost(variable(chat, "VERTEX_LOCATION") || "us")}`;
	} catch (thrown) {
		if (thrown instanceof ApiError) return undefined;
		throw thrown;
	}
}

function judgeVoice({ deployments, database }: Facts, of: string, orgs: number): Finding[] {
	const voice = deploymentOf(deployments, of === "voice" ? "voice" : "conversation");
	const speaks = "value" in database && (database.value.content?.voiceEngines ?? 0) > 0;
	if (voice === undefined || !speaks) return [];
	const url = variable(voice, "ELEVENLABS_BASE_URL") || "https://api.elevenlabs.io";
	if (!URL.canParse(url) || uncoveredHost(url, variable(voice, "COVERED_HOSTS"), "ElevenLabs") === undefined) return [];
	return [
		warn(
			CHECK,
			`${orgs} organizations demand an agreement, and ${voice.title} does not serve them.`,
			`once there is an agreement: ${covering(voice, url)}`,
		),
	];
}

function covering(deployment: Deployment, url: string): string {
	return setVariable(
		deployment,
		"COVERED_HOSTS",
		[...items(deployment, "COVERED_HOSTS"), new URL(url).hostname].join(","),
	);
}
