/** A worker's code; three of them make eight deployments. */
export interface WorkerCode {
	folder: "portal" | "chat" | "voice";
	config: string;
	/** Environments in its toml; the top level, production, goes without a name. */
	environments: readonly string[];
	/** The most that its bundle may weigh, KiB gzip. */
	bundleLimitKib: number;
}

export const WORKERS: readonly WorkerCode[] = [
	{ folder: "portal", config: "wrangler-portal.toml", environments: ["staging"], bundleLimitKib: 60 },
	{ folder: "chat", config: "wrangler-chat.toml", environments: ["staging"], bundleLimitKib: 42 },
	{
		folder: "voice",
		config: "wrangler-voice.toml",
		environments: ["conversation", "staging", "staging-conversation"],
		bundleLimitKib: 20,
	},
];

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
