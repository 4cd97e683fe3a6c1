import { parseArgs } from "node:util";
import { createPlayer } from "./recorded/player.ts";
import type { Played } from "./recorded/player.ts";
import { recordings } from "./recorded/recording.ts";
import type { Recording } from "./recorded/recording.ts";

export const title =
	"Plays a folder of recorded Gemini responses to the chat worker: same texts, nothing broken that counts as whole.";
export const minutes = 2;

/** The most of an answer that is kept, UTF-16 units. */
const ANSWER_MAX_CHARS = 20_000;

/**
 * `npm run trial -- recorded --folder <path>`: the path of a checkout of FirebaseExtended/vertexai-sdk-test-data, or of any folder with
 * files named as its are, `{unary,streaming}-{success,failure}-*`. Prints a line a file.
 * @returns whether every text was the same, and no broken answer counted as whole
 */
export async function run({ folder = folderOption() }: { folder?: string } = {}): Promise<boolean> {
	if (folder === undefined) throw new Error("Say where the recordings are: --folder <path>.");
	const all = recordings(folder);
	if (all.length === 0) throw new Error(`There is no recording in ${folder}.`);
	const player = await createPlayer();
	const lines: [Recording, Played][] = [];
	try {
		for (const [index, recording] of all.entries()) lines.push([recording, await player.play(recording, index)]);
		return report(lines, player.counted());
	} finally {
		await player.stop();
	}
}

function folderOption(): string | undefined {
	const { folder } = parseArgs({
		options: { folder: { type: "string" } },
		strict: false,
		allowPositionals: true,
	}).values;
	return typeof folder === "string" ? folder : undefined;
}

function report(lines: readonly [Recording, Played][], counted: number): boolean {
	console.log("| file | expected | status | finish | characters | as it should be |\n|---|---|---|---|---|---|");
	for (const [recording, played] of lines) {
		const { status, finish, text } = played;
		const verdict = isRight(recording, played) ? "yes" : "**no**";
		console.log(`| ${recording.name} | ${recording.expected} | ${status} | ${finish} | ${text.length} | ${verdict} |`);
	}
	const wrong = lines.filter(([recording, played]) => !isRight(recording, played)).length;
	const whole = lines.filter(([{ expected }]) => expected === "whole").length;
	console.log(
		`\n${lines.length} recordings, ${whole} of them whole answers; ${counted} answers counted as such; ${wrong} went wrong.`,
	);
	return wrong === 0 && counted === whole;
}

function isRight({ expected, text }: Recording, { finish, text: shown }: Played): boolean {
	const isWhole = finish === "stop" || finish === "length";
	if (expected === "whole") return isWhole && shown === text.trimStart().slice(0, ANSWER_MAX_CHARS);
	return expected === "nothing" ? finish === "blocked" : !isWhole;
}
