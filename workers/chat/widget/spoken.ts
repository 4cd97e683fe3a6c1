import type { Site } from "../../lib/site/site.ts";
import type { Appearance } from "./appearance.ts";

/** What the widget may speak with, of the deployment. */
export interface SpokenBindings {
	/** The voice worker's address, with `/` at its end; null = the widget has no voice. */
	voiceUrl: string | null;
	/** That of the deployment for conversations, likewise; null = nobody can talk with the widget. */
	conversationUrl: string | null;
	/** Agents of which ElevenLabs keeps nothing. */
	privateAgents: readonly string[];
}

/** What `GET /config` tells of voice. */
interface Spoken {
	voice: { url: string; dictation: boolean } | null;
	conversation: { url: string } | null;
}

/** Whether a site's visitors may be read to, dictate and talk: each only where deployment, org and plan have it. */
export function spokenOf(
	{ voiceUrl, conversationUrl, privateAgents }: SpokenBindings,
	site: Pick<Site, "agentId" | "privacy" | "providerPolicy">,
	{ hasVoice, hasConversations }: Pick<Appearance, "hasVoice" | "hasConversations">,
): Spoken {
	const mayTalk = hasVoice && hasConversations && isWithinPrivacy(site, privateAgents);
	return {
		// A browser's own recognition of speech may send it to the browser's maker, with whom the org has no agreement.
		voice: voiceUrl !== null && hasVoice ? { url: voiceUrl, dictation: site.providerPolicy === "any" } : null,
		conversation: conversationUrl !== null && mayTalk ? { url: conversationUrl } : null,
	};
}

/**
 * A conversation goes from the visitor to ElevenLabs past us: nothing in it can be hidden here, and an agent keeps voice and words
 * unless it is set otherwise. So an org that wants words hidden, not kept, or with nobody it has no agreement with, has
 * conversations only where the site's own agent is known to keep nothing.
 */
function isWithinPrivacy(
	{ agentId, privacy, providerPolicy }: Pick<Site, "agentId" | "privacy" | "providerPolicy">,
	privateAgents: readonly string[],
): boolean {
	const asksNothing = privacy === "standard" && providerPolicy === "any";
	return asksNothing || (agentId !== null && privateAgents.includes(agentId));
}
