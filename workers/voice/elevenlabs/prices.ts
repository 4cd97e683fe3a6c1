/**
 * The dearest listed price of a credit, micro-USD: usage beyond a Creator plan, 0.30 USD for 1,000 (help.elevenlabs.io, "What is the price
 * for usage based billing?"). A brake counts with it where a deployment's own price is not configured.
 */
export const DEAREST_CREDIT_USD_MICROS = 300;

/** The most credits a character takes: one, of every model but the flash ones, which take half. */
export const CREDITS_PER_CHARACTER = 1;

/** The dearest listed price of a conversation's minute, micro-USD: 0.12 USD, and double while an agent runs above its concurrency. */
const DEAREST_MINUTE_USD_MICROS = 240_000;

/** The most that a conversation may cost. @param seconds its longest duration @returns whole micro-USD */
export function worstConversationCost(seconds: number): number {
	return Math.ceil((seconds * DEAREST_MINUTE_USD_MICROS) / 60);
}
