import type { Api } from "./api/api.ts";
import type { Config } from "./api/shapes.ts";
import type { Store } from "./store.ts";
import type { View } from "./view/view.ts";

/** What the visitor was shown before they write, and whether they have agreed to it. */
export interface Consent {
	/** Before it nothing is known of what has to be agreed to. */
	use(config: Config): void;
	/** What a request says was agreed to, or shown where nobody has to agree; "" = nothing. */
	version(): string;
	/** The visitor has to agree before they can write. */
	isMissing(): boolean;
	agree(): void;
	/** The server takes it for none. */
	withdraw(): void;
}

export function createConsent(store: Store): Consent {
	let shown = "";
	let isAsked = false;
	let isTold = false;
	const isMissing = (): boolean => isAsked && store.agreed() !== shown;
	return {
		use(config) {
			shown = config.consentVersion;
			isAsked = config.consent === "required" || config.isForAdults;
			isTold = config.consent === "notice";
		},
		version: () => ((isTold || isAsked) && !isMissing() ? shown : ""),
		isMissing,
		agree: () => store.keepAgreed(shown),
		withdraw: () => store.keepAgreed(""),
	};
}

/** Shows what visitors are told, and asks them to agree where they have to. */
export interface Asking {
	/** Another tab may have asked meanwhile. */
	show(): void;
	agree(): void;
	/** The notice may have changed since this page was loaded: it is shown as it is now. */
	anew(): Promise<void>;
}

export function createAsking(api: Api, consent: Consent, view: View, config: Config): Asking {
	let shown = config;
	const show = (): void => view.disclose(shown, consent.isMissing());
	const anew = async (): Promise<void> => {
		consent.withdraw();
		// Nobody is to agree to words that are about to be replaced.
		shown = await api.config().catch(() => shown);
		consent.use(shown);
		show();
		if (view.frame.isOpen()) view.focus();
	};
	// A conversation by voice was refused for it.
	view.panel.element.addEventListener("koby-ask", () => void anew());
	return {
		show,
		agree() {
			consent.agree();
			view.notice.clear();
			show();
			view.focus();
		},
		anew,
	};
}
