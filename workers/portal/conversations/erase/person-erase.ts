import { batch } from "../../../lib/d1/batch.ts";
import { parseJsonObject } from "../../../lib/http/body.ts";
import { ApiError } from "../../../lib/http/errors.ts";
import type { FieldError } from "../../../lib/http/errors.ts";
import { invalidFields, textField, unknownFields } from "../../../lib/http/fields.ts";
import { json } from "../../../lib/http/json.ts";
import { notFound } from "../../../lib/http/serve.ts";
import { recordRead } from "../../audit/reads.ts";
import { orgStatement, readForOrg } from "../../auth/access.ts";
import type { OrgTarget } from "../../auth/access.ts";
import type { Caller } from "../../auth/clerk-claims.ts";
import { eraseLeadStatements } from "./lead-erase.ts";
import { countVisitors, findPerson } from "./person-find.ts";
import type { NamedPerson, PersonLead } from "./person-find.ts";
import { beginErasure, eraseVisitor } from "./visitor-erase.ts";

const NAMES = ["visitor", "email", "phone"] as const;
/** An address can be no longer (RFC 5321, 4.5.3.1.3). */
const MAX_CHARS = 254;
const LEAST_PHONE_DIGITS = 7;
/** One person's browsers; more are many people, and want to be looked at. */
const MAX_VISITORS = 20;
/** Steps of a request, shared by its visitors: with their statements under the 1,000 that D1 takes of it. */
const MAX_STEPS = 80;

interface ErasureOf extends NamedPerson {
	/** False: it is only told what would go. */
	isConfirmed: boolean;
}

/**
 * `POST /portal/erasures` `{visitor | email | phone, confirm?}`: finds a person by what readers are shown as `visitor`, or by the
 * address or telephone of a lead, and tells what the org has of them; with `confirm: true` it erases that in the same request: all
 * conversations of each visitor who left such a lead, with the leads in them, and leads whose conversation is gone. The rows go as
 * with `DELETE /portal/visitors/{visitor}`, which the runs of every five minutes go on with.
 *
 * Answers 200 `{visitors: [{visitor, conversations, leads}], leads_alone, erased}`. Being told leaves a row in the audit log as well.
 * @throws {ApiError} invalid_json, invalid_request; not_found: the org has nothing of such a person; conflict: more than 20 visitors
 */
export async function postPersonErasure(
	db: D1Database,
	target: OrgTarget,
	body: Uint8Array,
	now: number,
): Promise<Response> {
	const { isConfirmed, ...person } = parseErasure(body);
	const { caller, org } = await readForOrg(db, target, [orgStatement(db, target.ref)]);
	const found = await findPerson(db, org.id, person);
	if (found.length === 0) throw notFound();
	const visitors = visitorsOf(found);
	if (visitors.length > MAX_VISITORS) throw tooMany();
	const counts = await countVisitors(
		db,
		org.id,
		visitors.map(({ visitorId }) => visitorId),
	);
	const alone = found.flatMap(({ leadId, visitor }) => (leadId === null || visitor !== null ? [] : [leadId]));
	if (isConfirmed) await erase(db, { caller, orgId: org.id, visitors, alone, now });
	else await recordRead(db, target, { action: "person.read", now });
	return json({ visitors: counts, leads_alone: alone.length, erased: isConfirmed });
}

/** @throws {ApiError} invalid_json, invalid_request */
function parseErasure(bytes: Uint8Array): ErasureOf {
	const body = parseJsonObject(bytes);
	const faults: FieldError[] = unknownFields(body, [...NAMES, "confirm"], "an erasure");
	const confirm = Object.hasOwn(body, "confirm") ? body["confirm"] : undefined;
	if (confirm !== undefined && typeof confirm !== "boolean")
		faults.push({ field: "confirm", message: "must be true or false" });
	const named = NAMES.flatMap((by): NamedPerson[] => {
		const value = textField(body, by, { min: 1, max: MAX_CHARS }, faults);
		return value === undefined ? [] : [{ by, value }];
	});
	const [person] = named;
	if (person === undefined || named.length > 1)
		faults.push({ field: "visitor", message: "send exactly one of visitor, email and phone" });
	else if (person.by === "phone" && (person.value.match(/\p{Nd}/gu)?.length ?? 0) < LEAST_PHONE_DIGITS)
		faults.push({ field: "phone", message: `must have at least ${LEAST_PHONE_DIGITS} digits` });
	if (person === undefined || faults.length > 0) throw invalidFields(faults);
	return { ...person, isConfirmed: confirm === true };
}

interface FoundVisitor {
	visitor: string;
	visitorId: string;
	erasureId: string | null;
}

/** Each visitor once. */
function visitorsOf(found: readonly PersonLead[]): FoundVisitor[] {
	const visitors = new Map<string, FoundVisitor>();
	for (const { visitor, visitorId, erasureId } of found)
		if (visitor !== null && visitorId !== null) visitors.set(visitorId, { visitor, visitorId, erasureId });
	return [...visitors.values()];
}

function tooMany(): ApiError {
	return new ApiError(
		"conflict",
		`More than ${MAX_VISITORS} visitors left this; look at their leads, and erase them one by one by visitor.`,
	);
}

interface PersonErasure {
	caller: Caller;
	orgId: string;
	visitors: readonly FoundVisitor[];
	/** Ids of leads whose conversation is gone. */
	alone: readonly string[];
	/** Epoch ms. */
	now: number;
}

/** All visitors are out of everybody's sight before the first row of one of them goes. */
async function erase(db: D1Database, { caller, orgId, visitors, alone, now }: PersonErasure): Promise<void> {
	for (const id of alone) await batch(db, eraseLeadStatements(db, { orgId, id, caller, now }));
	const begun: { visitorId: string; erasureId: string }[] = [];
	for (const { visitor, visitorId, erasureId } of visitors)
		begun.push({
			visitorId,
			erasureId: erasureId ?? (await beginErasure(db, { caller, orgId, visitor, visitorId, now })),
		});
	const steps = Math.max(1, Math.floor(MAX_STEPS / Math.max(1, begun.length)));
	for (const { visitorId, erasureId } of begun) await eraseVisitor(db, { orgId, visitorId, erasureId }, 2, steps);
}
