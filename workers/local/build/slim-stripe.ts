/**
 * Builds dist/stripe.js: the `stripe` package without its two hundred API resources and the schemas that they read answers
 * by. The portal verifies signatures and makes its calls by `rawRequest`, which need none of them; the SDK makes one object
 * of every resource, so no bundler can leave any out, and whole it would be more than half of the portal's bundle.
 * wrangler runs this before it bundles ([build] in wrangler-portal.toml); tests and the local default take the same file.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { ROOT } from "../root.ts";

/** Modules whose exports are left empty: every resource, and what serves only resources and thin events. */
const EMPTIED =
	/stripe[\\/]esm[\\/](?:resources[\\/].*|StripeEventNotificationHandler|Decimal|V2Coercion|autoPagination|multipart)\.js$/;

/** Where the slim SDK lies. */
export const SLIM_STRIPE = join(ROOT, "dist/stripe.js");

const emptyModules: Plugin = {
	name: "empty-modules",
	setup({ onLoad }) {
		onLoad({ filter: EMPTIED }, async ({ path }) => {
			const source = await readFile(path, "utf8");
			const names = Array.from(
				source.matchAll(/^export (?:async )?(?:class|function|const) (\w+)/gm),
				([, name]) => name,
			);
			return { contents: [...names.map((name) => `export class ${name} {}`), "export {};"].join("\n") };
		});
	},
};

/** Writes SLIM_STRIPE anew. */
export async function buildSlimStripe(): Promise<void> {
	await build({
		entryPoints: [join(ROOT, "node_modules/stripe/esm/stripe.esm.worker.js")],
		outfile: SLIM_STRIPE,
		bundle: true,
		format: "esm",
		target: "es2022",
		plugins: [emptyModules],
		logLevel: "error",
	});
}
