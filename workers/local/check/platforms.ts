import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "./checks.ts";
import { npmRegistry } from "./command.ts";
import { ROOT } from "../root.ts";

/** Where this repository must install: what an engineer, a server or CI runs. */
const PLATFORMS = [
	{ os: "linux", cpu: "x64" },
	{ os: "linux", cpu: "arm64" },
	{ os: "darwin", cpu: "x64" },
	{ os: "darwin", cpu: "arm64" },
	{ os: "win32", cpu: "x64" },
] as const;
/** A package with so many packages for single platforms behind it ships a program of its own. */
const MIN_PLATFORM_PACKAGES = 5;
/** To the registry's answer about one package, ms. */
const TIME_LIMIT_MS = 10_000;
const REQUESTS_AT_ONCE = 6;

/** What of an entry of package-lock.json tells where a package installs. */
interface LockedPackage {
	version?: string;
	os?: string[];
	cpu?: string[];
	libc?: string[];
	optionalDependencies?: Record<string, string>;
}

interface PlatformPackage {
	name: string;
	version: string;
}

/** The registry cannot be asked, which says nothing about the packages. */
class NoRegistry extends Error {}

export const platformsCheck: Check = {
	name: "packages of every platform",
	async run() {
		try {
			const missing = await missingPlatformPackages();
			return missing.length === 0
				? undefined
				: `${missing.join("\n")}\n\`npm ci\` fails there: pin versions that every platform has.`;
		} catch (thrown) {
			if (thrown instanceof NoRegistry) return { skipped: thrown.message };
			throw thrown;
		}
	},
};

/**
 * Looks, for every platform, whether each program that is pinned (Node, workerd, esbuild, biome and the like) has its package there.
 * @returns what is missing, a line each
 * @throws {NoRegistry} no registry answers
 */
async function missingPlatformPackages(): Promise<string[]> {
	const locked: Record<string, LockedPackage> = JSON.parse(
		readFileSync(join(ROOT, "package-lock.json"), "utf8"),
	).packages;
	const faults: string[] = [];
	const wanted = new Map<string, PlatformPackage>();
	for (const [path, { optionalDependencies = {} }] of Object.entries(locked)) {
		const family = platformPackages(locked, Object.keys(optionalDependencies));
		if (family.length < MIN_PLATFORM_PACKAGES) continue;
		for (const { os, cpu } of PLATFORMS) {
			const fits = family.filter((entry) => entry.os.includes(os) && entry.cpu.includes(cpu));
			if (fits.length === 0)
				faults.push(
					`${path === "" ? "Node" : path.replace("node_modules/", "")} has no package for ${os}-${cpu} in package-lock.json`,
				);
			for (const { name, version } of fits) wanted.set(`${name}@${version}`, { name, version });
		}
	}
	const registry = await npmRegistry();
	const waiting = [...wanted.values()];
	const ask = async (): Promise<void> => {
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
			if (!(await isPublished(registry, next))) faults.push(`${next.name}@${next.version} is not published`);
		}
	};
	await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, ask));
	return faults;
}

function platformPackages(
	locked: Record<string, LockedPackage>,
	names: string[],
): (PlatformPackage & { os: string[]; cpu: string[] })[] {
	return names.flatMap((name) => {
		const { version, os, cpu } = locked[`node_modules/${name}`] ?? {};
		return version === undefined || os === undefined || cpu === undefined ? [] : [{ name, version, os, cpu }];
	});
}

async function isPublished(registry: string, { name, version }: PlatformPackage): Promise<boolean> {
	const url = `${registry}/${name.replace("/", "%2f")}/${version}`;
	let response: Response;
	try {
		response = await fetch(url, { method: "GET", signal: AbortSignal.timeout(TIME_LIMIT_MS) });
		await response.body?.cancel();
	} catch (thrown) {
		const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
		throw new NoRegistry(`no registry answers (${cause instanceof Error ? cause.message : "unknown"})`);
	}
	if (response.status === 200) return true;
	if (response.status === 404) return false;
	throw new NoRegistry(`the registry answers ${response.status}`);
}
