import { createHash, createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Query } from "./database.ts";

/** Whose objects D1's databases are in a local run. */
const OBJECT_KEY = "miniflare-D1DatabaseObject";
const HALF_BYTES = 16;

/** The file of a local D1 database, as workerd names an object that was found by its name. */
function databaseFile(stateDir: string, databaseId: string): string {
	const key = createHash("sha256").update(OBJECT_KEY).digest();
	const hmac = (data: string | Buffer): Buffer =>
		createHmac("sha256", key).update(data).digest().subarray(0, HALF_BYTES);
	const name = hmac(databaseId);
	const id = Buffer.concat([name, hmac(name)]).toString("hex");
	return join(stateDir, "v3/d1", OBJECT_KEY, `${id}.sqlite`);
}

/** The local default's database, read beside a run that has it open. Nothing is written to it. */
export function localQuery(stateDir: string, databaseId: string): Query {
	const file = databaseFile(stateDir, databaseId);
	return async (statements) => {
		if (!existsSync(file)) return { unknown: "there is none yet" };
		try {
			const database = new DatabaseSync(file, { readOnly: true });
			try {
				return { value: statements.map((sql) => database.prepare(sql).all()) };
			} finally {
				database.close();
			}
		} catch (error) {
			return { unknown: `it cannot be read (${error instanceof Error ? error.message : String(error)})` };
		}
	};
}
