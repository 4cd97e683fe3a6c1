/** What the page may listen to on `window`. */
export interface KobyEvents {
	"koby:ready": { name: string };
	"koby:message": { role: "user" | "assistant"; text: string; message_id?: string };
	"koby:error": { code: string };
}

/** Tells the page; a listener of its own that throws is no fault of ours and stops nothing. */
export function emit<Name extends keyof KobyEvents>(name: Name, detail: KobyEvents[Name]): void {
	window.dispatchEvent(new CustomEvent(name, { detail }));
}
