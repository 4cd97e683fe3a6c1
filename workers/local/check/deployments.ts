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
	{ folder: "portal", config: "wrangler-portal.toml", environments: ["staging"], bundleLimitKib: 110 },
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
 * Files of a bundle that are text for a reader and not code of ours: the widget's script, which has a limit of its own, the
 * words of the languages that knowledge is searched in, and what the OpenAPI documents say. They do not count towards the limit:
 * they grow with what is described, and no request runs through them.
 */
export const TEXT_FILES: readonly RegExp[] = [
	/\bdist\/widget\.js$/,
	/\bknowledge\/english\/(?:words|synonyms-\w+)\.ts$/,
	/\/openapi(?:-[\w-]+)?\.ts$/,
];

/** What a customer's page loads of us, at most, bytes gzip. */
export const WIDGET_LIMIT_BYTES = 16_000;

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
