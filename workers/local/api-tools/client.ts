import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./dist/joined.ts";

// A dashboard's and a website's requests by a client that is typed from the joined description, against a run of the product.
const [origin = "http://localhost:8787"] = process.argv.slice(2);
const SITE = { "X-Site-Key": "sk_chadis_live_abc123" };

const token = await (await fetch(`${origin}/local/token?role=admin&org=org_chadis`)).text();
const portal = createClient<paths>({ baseUrl: origin, headers: { Authorization: `Bearer ${token}` } });
const visitor = createClient<paths>({ baseUrl: origin, headers: SITE });

const overview = await portal.GET("/portal/overview");
assert.equal(overview.data?.org.id, "org_chadis");
const { used, limit }: { used: number; limit: number | null } = overview.data.usage.messages;
assert.ok(used >= 0 && (limit === null || limit > 0));

const before = await portal.GET("/portal/config");
assert.ok(before.data !== undefined);
const tag = before.response.headers.get("ETag");
assert.ok(tag !== null);
const change = { params: { header: { "If-Match": tag } }, body: { greeting: "Hello from a typed client." } };
const changed = await portal.PATCH("/portal/config", change);
assert.equal(changed.data?.config.greeting, change.body.greeting);
assert.equal(changed.data.version, before.data.version + 1);
const again = await portal.PATCH("/portal/config", change);
assert.equal(again.response.status, 412);
assert.equal(again.error?.error.code, "precondition_failed");
// What is typed as anything would take a number.
const takesNumbers: number extends components["schemas"]["ConfigPatch"]["greeting"] ? true : false = false;
assert.equal(takesNumbers, false);
const faulty = await portal.PATCH("/portal/config", { body: { brand_color: "red" } });
assert.deepEqual(
	faulty.error?.error.fields?.map(({ field }) => field),
	["brand_color"],
);

const message = "What is CHADIS?";
const answer = await visitor.POST("/chat", { body: { message, visitor_id: "typed-client" } });
assert.ok(answer.data !== undefined && "response" in answer.data, JSON.stringify(answer.error));
const { session_id: sessionId, response } = answer.data;
assert.ok(sessionId !== null && response.length > 0);

const transcript = await portal.GET("/portal/conversations/{id}", { params: { path: { id: sessionId } } });
assert.ok(transcript.data !== undefined);
const said: ["user" | "assistant", string][] = transcript.data.messages.map(({ role, text }) => [role, text]);
assert.deepEqual(said, [
	["user", message],
	["assistant", response],
]);

const stream = await visitor.POST("/chat", {
	headers: { Accept: "text/event-stream" },
	body: { message, visitor_id: "typed-client", session_id: sessionId },
	parseAs: "text",
});
const events: string[] = [...String(stream.data).matchAll(/^event: (\w+)$/gm)].map(([, name = ""]) => name);
assert.equal(events[0], "session");
assert.equal(events.at(-1), "done");
console.log(
	`The typed client signed in, read, changed, asked and read what was said (${events.length} events streamed).`,
);
