/** A worker straight on workerd: no proxy, no bindings, a process of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Served {
	pid: number;
	url: string;
	/** Address of the worker's second entry; only where it has one. */
	toldUrl: string | undefined;
	/** Where the inspector listens, host and port; only where it was asked for. */
	inspector: string | undefined;
	stop(): void;
}

export interface ServeOptions {
	/** By name; the first is the entry. */
	modules: Record<string, string>;
	compatibilityDate: string;
	compatibilityFlags: string[];
	/** Whether the entry exports `told`. */
	isTelling: boolean;
	/** Whether the inspector is on, which costs CPU. */
	isInspected?: boolean;
}

/** The program that miniflare, and so wrangler, runs workers on. */
const requireAsMiniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
const { default: WORKERD }: { default: string } = requireAsMiniflare("workerd");
/** Descriptor on which workerd says where it listens. */
const CONTROL_FD = 3;
const START_LIMIT_MS = 20_000;

// What this process started ends with it, also when it is told to end.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

/** @throws {Error} workerd ends or does not listen within 20 s */
export async function serve(options: ServeOptions): Promise<Served> {
	const dir = mkdtempSync(join(tmpdir(), "koby-own-"));
	Object.values(options.modules).forEach((text, index) => {
		writeFileSync(join(dir, `${index}.js`), text);
	});
	writeFileSync(join(dir, "config.capnp"), configText(options));
	const inspect = options.isInspected === true ? ["--inspector-addr=127.0.0.1:0"] : [];
	const args = ["serve", `--control-fd=${CONTROL_FD}`, ...inspect, join(dir, "config.capnp")];
	const child = spawn(WORKERD, args, { stdio: ["ignore", "ignore", "inherit", "pipe"] });
	const end = (): void => void child.kill("SIGKILL");
	process.once("exit", end);
	const wanted = ["http", ...(options.isTelling ? ["told"] : []), ...(inspect.length > 0 ? ["inspector"] : [])];
	const ports = await listeningPorts(child, wanted).finally(() => rmSync(dir, { recursive: true, force: true }));
	const address = (name: string): string | undefined =>
		ports.has(name) ? `127.0.0.1:${String(ports.get(name))}` : undefined;
	return {
		pid: child.pid ?? 0,
		url: `http://${address("http")}`,
		toldUrl: options.isTelling ? `http://${address("told")}/` : undefined,
		inspector: address("inspector"),
		stop: () => {
			process.off("exit", end);
			end();
		},
	};
}

function configText({ modules, compatibilityDate, compatibilityFlags, isTelling }: ServeOptions): string {
	const embedded = Object.keys(modules).map((name, index) => `(name = "${name}", esModule = embed "${index}.js")`);
	const told = `(name = "told", address = "127.0.0.1:0", http = (), service = (name = "main", entrypoint = "told"))`;
	return `
		using Workerd = import "/workerd/workerd.capnp";
		const config :Workerd.Config = (
			services = [(name = "main", worker = .measured)],
			sockets = [
				(name = "http", address = "127.0.0.1:0", http = (), service = "main"),
				${isTelling ? told : ""}
			],
		);
		const measured :Workerd.Worker = (
			modules = [${embedded.join(", ")}],
			compatibilityDate = "${compatibilityDate}",
			compatibilityFlags = ${JSON.stringify(compatibilityFlags)},
		);
	`;
}

/** Waits until workerd has said the port of each socket. */
function listeningPorts(child: ChildProcess, wanted: readonly string[]): Promise<Map<string, number>> {
	const control = child.stdio[CONTROL_FD];
	if (control === null || control === undefined || !("read" in control)) throw new Error("no control descriptor");
	const ports = new Map<string, number>();
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error("workerd does not listen")), START_LIMIT_MS);
		child.once("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
		createInterface({ input: control }).on("line", (line) => {
			const { event, socket, port } = JSON.parse(line);
			// The inspector says its port without a name.
			if (event === "listen") ports.set(String(socket), Number(port));
			if (event === "listen-inspector") ports.set("inspector", Number(port));
			if (!wanted.every((name) => ports.has(name))) return;
			clearTimeout(timer);
			resolve(ports);
		});
	});
}
