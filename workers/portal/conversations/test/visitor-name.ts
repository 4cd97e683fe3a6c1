/** What the portal calls a visitor of the seed's, see test/seed-visitors.ts. */
export function visitorName(orgId: string, visitorId: string): string {
	return `${orgId === "org_chadis" ? "a" : "b"}${"0".repeat(14)}${visitorId.slice(-1)}`;
}
