/** The vendors by the names that people know, in the order shown. */
export const VENDORS = ["Clerk", "Stripe", "Gemini", "Vertex AI", "ElevenLabs"] as const;

export type VendorName = (typeof VENDORS)[number];

/** How a vendor's presence is told, and where its worker looks for it. */
interface VendorKeys {
	/** The secret in .dev.vars without which a stand-in answers in the vendor's place. */
	key: string;
	/** Further secrets that only a real vendor uses. */
	others: readonly string[];
	/** The variable that says where the vendor is, if it is not the key itself. */
	baseUrl: string;
}

export const VENDOR_KEYS: Readonly<Record<VendorName, VendorKeys>> = {
	Clerk: { key: "CLERK_DOMAIN", others: ["CLERK_SECRET_KEY"], baseUrl: "CLERK_API_URL" },
	Stripe: { key: "STRIPE_SECRET_KEY", others: ["STRIPE_WEBHOOK_SECRET"], baseUrl: "STRIPE_API_BASE" },
	Gemini: { key: "GEMINI_API_KEY", others: [], baseUrl: "GEMINI_BASE_URL" },
	"Vertex AI": { key: "VERTEX_SERVICE_ACCOUNT", others: [], baseUrl: "VERTEX_BASE_URL" },
	ElevenLabs: { key: "ELEVENLABS_API_KEY", others: [], baseUrl: "ELEVENLABS_BASE_URL" },
};

/** The vendors of a comma-separated list; other names are left out. */
export function vendorList(names: string): VendorName[] {
	const listed = names.split(",");
	return VENDORS.filter((vendor) => listed.includes(vendor));
}
