import { notConfigured } from "../../../lib/http/errors.ts";

/** A region, such as us-central1. */
const REGION = /^[a-z]{2,20}-[a-z]{2,20}\d{1,2}$/;

/**
 * The host of a location: `global` and the multi-regions have one of a form of their own (docs.cloud.google.com/…/resources/locations).
 * @throws {ApiError} not_configured
 */
export function vertexHost(location: string): string {
	if (location === "global") return "aiplatform.googleapis.com";
	if (location === "us" || location === "eu") return `aiplatform.${location}.rep.googleapis.com`;
	if (!REGION.test(location)) throw notConfigured("VERTEX_LOCATION");
	return `${location}-aiplatform.googleapis.com`;
}
