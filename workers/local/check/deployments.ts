/** A worker's code; three of them make eight deployments. */
export interface WorkerCode {
	folder: "portal" | "chat" | "voice";
	config: string;
	/** Environments in its toml; the top level, production, goes without a name. */
	environments: readonly string[];
	/** The most that the code in its bundle may weigh, KiB gzip. */
	bundleLimitKib: number;
}

export const WORKERS: readonly WorkerCode[] = [
	// A tenth of it is what staff alone ask for: the kit, the doctor, the comparison of counters with rows.
	{ folder: "portal", config: "wrangler-portal.toml", environments: ["staging"], bundleLimitKib: 124 },
	{ folder: "chat", config: "wrangler-chat.toml", environments: ["staging"], bundleLimitKib: 112 },
	{
		folder: "voice",
		config: "wrangler-voice.toml",
		environments: ["conversation", "staging", "staging-conversation"],
		// More than half of it is data: the rules by which a spoken text is found to speak of danger, and to tell who somebody is.
		bundleLimitKib: 80,
	},
];

/**
 * Files of a bundle that are text for a reader and not code of ours: the widget's files, which have limits of their own, the
 * words of the languages that knowledge is searched in, and what the OpenAPI documents say. They do not count towards the limit:
 * they grow with what is described, and no request runs through them.
 */
export const TEXT_FILES: readonly RegExp[] = [
	/\bdist\/widget\.js$/,
	/\bknowledge\/english\/(?:words|synonyms-\w+)\.ts$/,
	/\/openapi(?:-[\w-]+)?\.ts$/,
	/\/openapi-examples\.json$/,
];

/** What each file of the widget may weigh at most, bytes gzip, by its name without digest; others as `OTHER_WIDGET_FILE_BYTES`. */
export const WIDGET_LIMITS_BYTES: Readonly<Record<string, number>> = {
	// As it is served: with an address and a site key in it.
	widget: 4096,
	panel: 16_384,
};
/** A file that is loaded on use, such as the words of a language. */
export const OTHER_WIDGET_FILE_BYTES = 6144;

/** What `wrangler types` is given for a worker's env.d.ts. */
export function typesArguments({ folder, config }: WorkerCode, output: string): string[] {
	return [
		"types",
		output,
		"--config",
		config,
		"--include-runtime=false",
		"--strict-vars=false",
		"--env-file",
		`workers/${folder}/secrets.example`,
	];
}
