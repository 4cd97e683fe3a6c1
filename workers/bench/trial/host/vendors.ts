import { isObject } from "../../../lib/http/json.ts";
import type { StandIns } from "../../../local/stand-ins/index.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { createDice } from "../parts/random.ts";
import type { Counts, HostOptions } from "./messages.ts";

/** What goes wrong with the model: what passes by the second try, what does not, what is cut, withheld, or silent. */
const MODEL: [Fault[], ...Fault[][]] = [
	[{ status: 503 }],
	[{ status: 500 }, { status: 503 }],
	[{ status: 429, retry_after_seconds: 40 }, { status: 429 }],
	[{ status: 403 }],
	[{ reset: true }],
	[{ replace: "html" }, { replace: "html" }],
	[{ cut_after: 2 }],
	[{ end_after: 2 }],
	[{ error_event_after: 2, status: 500 }],
	[{ delay_ms: 2500 }],
	[{ hang: true }],
	[{ reply: { finish_reason: "SAFETY" } }],
	[{ reply: { block_reason: "SAFETY" } }],
	[{ reply: { no_content: true } }, { reply: { no_content: true } }],
];
const SPEECH: [Fault[], ...Fault[][]] = [
	[{ status: 429 }],
	[{ status: 500 }],
	[{ status: 503, shape: "plain" }],
	[{ status: 401, shape: "old" }],
	[{ reset: true }],
	[{ replace: "html" }],
	[{ replace: "empty" }],
	[{ cut_after: 1 }],
	[{ delay_ms: 2500 }],
];
const OTHERS: [Fault[], ...Fault[][]] = [
	[{ status: 500 }],
	[{ status: 429, retry_after_seconds: 3 }],
	[{ reset: true }],
	[{ replace: "html" }],
	[{ delay_ms: 1500 }],
];

interface FaultyStandIns extends StandIns {
	counts: Counts["vendor"];
	setFaults(isOn: boolean): void;
}

/** Stand-ins of which a share of the calls goes wrong, and which see whether a call holds words of two orgs. */
export function faultyStandIns(standIns: StandIns, { seed, vendorFaults, markers }: HostOptions): FaultyStandIns {
	const dice = createDice(seed);
	const counts = { calls: 0, faults: 0, mixed: 0 };
	let isFaulty = true;
	return {
		counts,
		setFaults(isOn) {
			isFaulty = isOn;
		},
		async fetch(request) {
			const url = new URL(request.url);
			const text = request.method === "POST" ? await request.clone().text() : "";
			counts.calls += 1;
			if (markers.filter((marker) => text.includes(marker)).length > 1) counts.mixed += 1;
			if (isFaulty && dice.happens(vendorFaults)) {
				counts.faults += 1;
				await control(standIns, "/faults", { credential: credentialOf(request, url), faults: dice.pick(kindsOf(url)) });
			}
			return standIns.fetch(request);
		},
	};
}

function kindsOf({ pathname }: URL): [Fault[], ...Fault[][]] {
	if (pathname.startsWith("/v1beta/")) return MODEL;
	return pathname.includes("/text-to-speech/") ? SPEECH : OTHERS;
}

/** By what the stand-ins know a caller. */
function credentialOf({ headers }: Request, { host }: URL): string {
	const bearer = headers.get("authorization")?.replace(/^bearer +/i, "");
	return headers.get("x-goog-api-key") ?? headers.get("xi-api-key") ?? bearer ?? host;
}

/** A command to the control API. @returns its JSON answer; {} when it has none */
export async function control(standIns: StandIns, path: string, body: object): Promise<Record<string, unknown>> {
	const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
	const response = await standIns.fetch(new Request(`http://stand-ins.test/control${path}`, init));
	const text = await response.text();
	if (!response.ok) throw new Error(`The stand-ins answered ${response.status} to ${path}: ${text}`);
	const answer: unknown = text === "" ? {} : JSON.parse(text);
	return isObject(answer) ? answer : {};
}
