/**
 * The dearest listed price of a credit, micro-USD: usage beyond a Creator plan, 0.30 USD for 1,000 (help.elevenlabs.io, "What is the price
 * for usage based billing?"). A brake counts with it where a deployment's own price is not configured.
 */
const DEAREST_CREDIT_USD_MICROS = 300;

/** The most credits that a character is believed to take: the dearest models take one, and some voices more. */
export const MAX_CREDITS_PER_CHARACTER = 2;

/** The most that a clip may cost, micro-USD: at the dearest listed price where none is configured. @param creditPrice micro-USD; 0 = not known */
export function worstSpeechCost(characters: number, creditPrice: number): number {
	return characters * (creditPrice === 0 ? DEAREST_CREDIT_USD_MICROS : MAX_CREDITS_PER_CHARACTER * creditPrice);
}

/**
 * The most that a conversation's begun minute is believed to cost, micro-USD: 0.12 USD at most by ElevenLabs' plans, twice that in a
 * burst, and some for the language model, which is passed through at its own price.
 */
const DEAREST_MINUTE_USD_MICROS = 300_000;

/** The most that a conversation may cost. @param seconds its longest duration @returns whole micro-USD */
export function worstConversationCost(seconds: number): number {
	return Math.max(1, Math.ceil(seconds / 60)) * DEAREST_MINUTE_USD_MICROS;
}
