import { setTimeout as wait } from "node:timers/promises";

const PATIENCE_MS = 20_000;
/** Keys by their names, as the protocol writes them (W3C WebDriver, 17.4.2). */
const KEYS: Record<string, string> = { Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Escape: "\uE00C", Space: " " };
/** How the protocol names an element (W3C WebDriver, 12). */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** An element of the page, as the driver names it. */
export interface Reference {
	[ELEMENT]: string;
}

/** A browser behind a driver that speaks W3C WebDriver. */
export interface Driven {
	/** Sends a command of the session. @param path from the session's address on */
	send(method: "POST" | "DELETE", path: string, body?: object): Promise<unknown>;
	/** Runs a function in the page, which sees nothing of what stands around it. @param given an element by its reference */
	run<Result>(work: (...given: never[]) => Result, ...given: unknown[]): Promise<Result>;
	/** Finds elements by a function in the page. */
	find(work: (css: string) => Element[], css: string): Promise<Reference[]>;
	/** What the browser calls an element to whoever hears the page. */
	nameOf(element: Reference): Promise<string>;
	/** Presses and releases keys, one after the other. @param keys `Tab`, `Shift+Tab`, or signs */
	press(keys: readonly string[]): Promise<void>;
	/** Presses the mouse. CSS px from the window's top left */
	pressAt(x: number, y: number): Promise<void>;
}

/** Begins a session. @param driver the driver's origin */
export async function startSession(driver: string, capabilities: object): Promise<Driven> {
	const begun = await command(`${driver}/session`, "POST", { capabilities: { alwaysMatch: capabilities } });
	const session = `${driver}/session/${textOf(begun, "sessionId")}`;
	const send = <Value>(method: string, path: string, body?: object) => command<Value>(session + path, method, body);
	const script = <Result>(work: object, given: unknown[]) =>
		send<Result>("POST", "/execute/sync", { script: `return (${work}).apply(null, arguments)`, args: given });
	const act = (type: "key" | "pointer", actions: object[]) =>
		send<void>("POST", "/actions", { actions: [{ type, id: type, actions }] });
	return {
		send,
		run: (work, ...given) => script(work, given),
		find: (work, css) => script(work, [css]),
		nameOf: (element) => send("GET", `/element/${element[ELEMENT]}/computedlabel`),
		press: (keys) => act("key", keys.flatMap(pressed)),
		pressAt: (x, y) =>
			act("pointer", [
				{ type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) },
				{ type: "pointerDown", button: 0 },
				{ type: "pointerUp", button: 0 },
			]),
	};
}

function pressed(chord: string): object[] {
	const values = chord.length === 1 ? [chord] : chord.split("+").map((name) => KEYS[name] ?? name);
	return [
		...values.map((value) => ({ type: "keyDown", value })),
		...values.toReversed().map((value) => ({ type: "keyUp", value })),
	];
}

async function command<Value>(address: string, method: string, body: object = {}): Promise<Value> {
	const response = await fetch(address, {
		method,
		signal: AbortSignal.timeout(PATIENCE_MS),
		...(method === "POST" ? { body: JSON.stringify(body) } : {}),
	});
	const { value }: { value: Value } = await response.json();
	if (!response.ok) throw new Error(`${method} ${address}: ${textOf(value, "error")}: ${textOf(value, "message")}`);
	return value;
}

function textOf(value: unknown, name: string): string {
	return String(Reflect.get(Object(value), name));
}

/** Asks again until there is an answer, as a page may change between a question and the next. @throws {Error} with what was waited for */
export async function until<Answer>(what: string, ask: () => Promise<Answer | undefined>): Promise<Answer> {
	const end = performance.now() + PATIENCE_MS;
	for (;;) {
		let cause: unknown;
		try {
			const answer = await ask();
			if (answer !== undefined) return answer;
		} catch (error) {
			cause = error;
		}
		if (performance.now() > end) throw new Error(`Waited in vain for ${what}`, { cause });
		await wait(20);
	}
}
