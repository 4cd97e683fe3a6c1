import { notConfigured } from "../../lib/http/errors.ts";
import type { ApiError } from "../../lib/http/errors.ts";
import { uncoveredHost } from "../../lib/vendor/covered-hosts.ts";

// For orgs whose `provider_policy` is baa. ElevenLabs' agreement covers what is said in zero-retention mode alone, which speech is asked for
// call by call and an agent is set to (elevenlabs.io/docs/eleven-api/resources/zero-retention-mode; …/eleven-agents/legal/hipaa).

/** What the deployment says of its agreement with ElevenLabs. */
export interface CoverageVariables {
	/** COVERED_HOSTS */
	hosts: string | undefined;
	/** ELEVENLABS_ZERO_RETENTION: the account has zero-retention mode, so of no text that is spoken ElevenLabs keeps anything. */
	hasZeroRetention: boolean;
	/** ELEVENLABS_ZERO_RETENTION_AGENTS: ids of the agents that are in that mode. */
	zeroRetentionAgents: readonly string[];
}

/** What ElevenLabs may be asked for such an org. */
export interface Coverage extends CoverageVariables {
	/** Why it may not speak; undefined = it may. Made once, as every request carries it. */
	uncoveredSpeech: ApiError | undefined;
	/** Why it may not be asked for a conversation, whoever the agent; undefined = it may. */
	uncoveredConversation: ApiError | undefined;
}

export function coverageOf(baseUrl: string, variables: CoverageVariables): Coverage {
	const uncovered = uncoveredHost(baseUrl, variables.hosts, "ElevenLabs");
	const uncoveredSpeech = variables.hasZeroRetention ? undefined : notConfigured("ELEVENLABS_ZERO_RETENTION");
	return { ...variables, uncoveredSpeech: uncovered ?? uncoveredSpeech, uncoveredConversation: uncovered };
}

/** Why an agent may not speak for such an org; undefined = it may. */
export function uncoveredAgent({ zeroRetentionAgents }: Coverage, agentId: string): ApiError | undefined {
	return zeroRetentionAgents.includes(agentId) ? undefined : notConfigured("ELEVENLABS_ZERO_RETENTION_AGENTS");
}

/** Why such an org's visitors may not be sent to this URL; undefined = they may. */
export function uncoveredSocket({ hosts }: Coverage, signedUrl: string): ApiError | undefined {
	return uncoveredHost(signedUrl, hosts, "ElevenLabs' conversation");
}
