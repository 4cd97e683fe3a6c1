import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { crowdedFolders } from "../folders.ts";

const root = mkdtempSync(join(tmpdir(), "koby-folders-"));
afterAll(() => rmSync(root, { recursive: true }));

function fill(folder: string, count: number): void {
	mkdirSync(join(root, folder), { recursive: true });
	for (let n = 0; n < count; n++) writeFileSync(join(root, folder, `${n}.ts`), "");
}

describe("a crowded folder", () => {
	it("is named with what it holds, however deep it lies, and one that is just full is not", () => {
		fill("schema", 15);
		fill("workers/portal/numbers", 15);
		fill("workers/portal/numbers/test", 16);
		fill("workers/chat", 17);
		fill("workers/node_modules/other", 99);
		expect(crowdedFolders(root).sort()).toEqual([
			"workers/chat holds 17 files",
			"workers/portal/numbers/test holds 16 files",
		]);
	});
});
