type Frame = CpuProfile["nodes"][number]["callFrame"];

/** What the inspector's Profiler.stop answers, as far as it is read. */
export interface CpuProfile {
	nodes: {
		id: number;
		callFrame: { functionName: string; url: string; lineNumber: number };
		children?: number[];
	}[];
	samples: number[];
	/** Between a sample and the one before, microseconds. */
	timeDeltas: number[];
}

export interface SelfTime {
	name: string;
	us: number;
}

/** The module that holds the worker's bundle, as workerd names it. */
const BUNDLE = /koby-worker$/;
const IDLE = "(idle)";

/** For each line of a bundle the file that it is of, by the comments that esbuild puts before each file. */
export function sourceFiles(bundle: string): string[] {
	let file = "";
	return bundle.split("\n").map((line) => {
		const named = /^\/\/ (\S+\.(?:ts|js|mjs))$/.exec(line)?.[1];
		file = named ?? file;
		return file;
	});
}

/** A profile read: times most first, without what the thread idled. */
export interface ProfileTimes {
	functions: SelfTime[];
	/** The runtime's own work charged to the function of the bundle that asked for it. */
	charged: SelfTime[];
	/** As charged, by source file. */
	byFile: SelfTime[];
}

export function profileTimes(profile: CpuProfile, files: readonly string[]): ProfileTimes {
	const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
	const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
	const label = (frame: Frame): string => {
		const name = frame.functionName || "(anonymous)";
		return BUNDLE.test(frame.url)
			? `${name}  ${files[frame.lineNumber]}:${frame.lineNumber + 1}`
			: `${name}  ${frame.url}`.trimEnd();
	};
	const payer = (id: number | undefined): Frame | undefined => {
		const frame = id === undefined ? undefined : frames.get(id);
		return frame === undefined || BUNDLE.test(frame.url) ? frame : payer(parents.get(id ?? 0));
	};
	const [functions, charged, byFile] = [
		new Map<string, number>(),
		new Map<string, number>(),
		new Map<string, number>(),
	];
	profile.samples.forEach((id, index) => {
		const us = Math.max(0, profile.timeDeltas[index] ?? 0);
		const frame = frames.get(id);
		if (frame === undefined || frame.functionName === IDLE) return;
		const paying = payer(id);
		add(functions, label(frame), us);
		add(charged, label(paying ?? frame), us);
		add(byFile, paying === undefined ? label(frame) : (files[paying.lineNumber] ?? "?"), us);
	});
	return { functions: sorted(functions), charged: sorted(charged), byFile: sorted(byFile) };
}

function add(times: Map<string, number>, name: string, us: number): void {
	times.set(name, (times.get(name) ?? 0) + us);
}

function sorted(times: ReadonlyMap<string, number>): SelfTime[] {
	return [...times].map(([name, us]) => ({ name, us })).sort((one, other) => other.us - one.us);
}
