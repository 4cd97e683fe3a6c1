import { isObject } from "../../lib/http/json.ts";
import type { GatewayEnv } from "./env.ts";

/**
 * Sends a command to the stand-ins' control API.
 * @returns its JSON answer; {} when it has none
 */
export async function command(
	env: GatewayEnv,
	path: string,
	body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
	const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
	const response = await env.STAND_INS.fetch(env.STAND_IN_ORIGIN + path, init);
	const text = await response.text();
	if (!response.ok) throw new Error(`The stand-ins answered ${response.status} to ${path}.`);
	const answer: unknown = text === "" ? {} : JSON.parse(text);
	return isObject(answer) ? answer : {};
}
