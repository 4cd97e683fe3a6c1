import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { BuiltTree } from "../own/prepare.ts";
import { startRecorder } from "../own/record.ts";
import { sessionsSql } from "../sessions.ts";

export interface NativeDatabase {
	db: DatabaseSync;
	close(): void;
}

/**
 * A tree's demo database as workerd has made it, its knowledge searchable, with further sessions, opened by Node's SQLite.
 * @param sessions how many are put in, each with one message
 */
export async function nativeDatabase(tree: BuiltTree, sessions: number): Promise<NativeDatabase> {
	const dir = mkdtempSync(join(tmpdir(), "koby-sql-"));
	const recorder = await startRecorder(tree.root, await tree.source("chat"), await tree.source("portal"), {
		databaseDir: dir,
	});
	await recorder.stop();
	const files = globSync("**/*.sqlite", { cwd: dir }).filter((file) => !file.endsWith("metadata.sqlite"));
	const [file] = files;
	if (file === undefined || files.length > 1) throw new Error(`One database was to be found: ${files.join(", ")}`);
	const db = new DatabaseSync(join(dir, file));
	db.exec(sessionsSql(0, sessions));
	return {
		db,
		close() {
			db.close();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}
