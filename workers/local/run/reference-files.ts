import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Response } from "miniflare";
import type { Request } from "miniflare";

/** A service for workerd, which has no files: those of the API reference's renderer, from its package, by their names alone. */
export async function referenceFiles(request: Request): Promise<Response> {
	const name = basename(new URL(request.url).pathname);
	return new Response(await readFile(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`))));
}
