import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../root.ts";
import type { Check } from "./checks.ts";

const ROOMS = ["workers", "schema"];
/** More files side by side are not taken in at a glance. */
const MAX_FILES = 15;
/** A database in use needs every one of its migrations, in one row: nothing there is looked for but the last. */
const MAY_GROW = new Set(["schema/migrations"]);

/**
 * The folders that hold too many files.
 * @param root the repository
 * @returns a line each
 */
export function crowdedFolders(root: string): string[] {
	const folders = ROOMS.flatMap((room) => [room, ...foldersBelow(root, room)]);
	return folders.flatMap((folder) => {
		const count = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).length;
		return count > MAX_FILES && !MAY_GROW.has(folder) ? [`${folder} holds ${count} files`] : [];
	});
}

function foldersBelow(root: string, folder: string): string[] {
	const names = readdirSync(join(root, folder), { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
		.map(({ name }) => `${folder}/${name}`);
	return names.flatMap((name) => [name, ...foldersBelow(root, name)]);
}

export const foldersCheck: Check = {
	name: "folders",
	async run() {
		const crowded = crowdedFolders(ROOT);
		if (crowded.length === 0) return undefined;
		return `${crowded.join("\n")}\nAt most ${MAX_FILES} are taken in at a glance: give what belongs together a folder of its own.`;
	},
};
