import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { isObject } from "../../lib/http/json.ts";
import { ROOT } from "../root.ts";
import type { Typed } from "./arguments.ts";

/** Address of the chat that a page of the environment's customers loads, as the portal has it. @throws {TypeError} the toml does not say */
export function chatUrlOf(environment: Typed["environment"], port: number): string {
	if (environment === "local") return `http://localhost:${port}/chat/`;
	const top: unknown = parse(readFileSync(join(ROOT, "wrangler-portal.toml"), "utf8"));
	const url = at(environment === "production" ? top : at(at(top, "env"), environment), "vars", "CHAT_BASE_URL");
	if (typeof url !== "string") throw new TypeError("wrangler-portal.toml does not say CHAT_BASE_URL");
	return url;
}

function at(part: unknown, ...names: string[]): unknown {
	return names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), part);
}
