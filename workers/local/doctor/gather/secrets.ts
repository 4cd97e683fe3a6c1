import type { Deployment, Known } from "../facts.ts";
import { tables, textAt } from "../tables.ts";
import { wranglerJson } from "./cloudflare.ts";
import type { Wrangler } from "./cloudflare.ts";

/** The names of a deployment's secrets, as Cloudflare lists them: it tells no value to anybody. */
export async function deployedSecrets(wrangler: Wrangler, { config, name }: Deployment): Promise<Known<string[]>> {
	const args = ["secret", "list", "--config", config, `--env=${name}`, "--format", "json"];
	const listed = await wranglerJson(wrangler, args);
	if ("unknown" in listed) return listed;
	return { value: tables(listed.value).map((secret) => textAt(secret, "name")) };
}
