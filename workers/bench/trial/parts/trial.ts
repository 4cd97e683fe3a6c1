/** What a trial is told. */
export interface TrialOptions {
	/** Of all that is left to chance: the same seed asks for the same, though machines interleave it differently. */
	seed: number;
	/** How long to go on; a trial that ends by itself takes it as a hint. */
	minutes: number;
	/** How many stored sessions to begin with, where a trial stores some; absent = as many as it says. */
	sessions?: number | undefined;
	/** Where a trial finds what it plays; absent = it says what it needs. */
	folder?: string | undefined;
	/** Which half of its questions a trial asks, where they are parted. */
	half?: string | undefined;
	/** How the product is set up for the trial, where there are several ways. */
	mode?: string | undefined;
	/** The vendor itself answers instead of its stand-in, where a trial can do that. */
	isLive?: boolean | undefined;
	/** What a live run costs was agreed to. */
	isAgreed?: boolean | undefined;
	/** Of what size the knowledge is that is asked, UTF-8 bytes / 4; absent = as large as it is. */
	tokens?: number | undefined;
	/** How many questions are asked of each customer; absent = all. */
	questions?: number | undefined;
}

/** Why nothing was tried at all, in a sentence for whoever asked for it: exit code 2. */
export class NotTried extends Error {}

/** A long run outside the tests. A file in `trial/` that exports these is a trial, and its name is the file's. */
export interface Trial {
	/** What it tries, in one sentence. */
	title: string;
	/** How long it takes, or goes on where `--minutes` says nothing. */
	minutes: number;
	/** Prints a table. @returns whether all that it promises has held */
	run(options: TrialOptions): Promise<boolean>;
}

/** One promise and how it went. */
export interface Finding {
	promise: string;
	expected: string | number;
	found: string | number;
}

/** Whether a promise was kept. */
export function isKept({ expected, found }: Finding): boolean {
	return expected === found;
}

/** Prints promises as a table of Markdown, for `workers/bench/RESULTS.md`. @returns whether all were kept */
export function printFindings(findings: readonly Finding[]): boolean {
	const rows = findings.map((finding) => {
		const { promise, expected, found } = finding;
		return `| ${promise} | ${expected} | ${found} | ${isKept(finding) ? "yes" : "**no**"} |`;
	});
	console.log(["", "| promise | expected | found | kept |", "|---|---|---|---|", ...rows].join("\n"));
	return findings.every(isKept);
}
