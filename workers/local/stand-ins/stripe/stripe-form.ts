/** A form value: text, a list or nested fields. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = Record<string, FormValue>;

interface Branch {
	value: string;
	children: Map<string, Branch>;
}

/** Parses Stripe's form encoding: `a[b]=1`, `a[0][b]=1` and `a[]=1`. */
export function parseForm(text: string): Form {
	const root = branch();
	for (const [name, value] of new URLSearchParams(text)) {
		const [head = "", ...rest] = name.replaceAll("]", "").split("[");
		let at = root;
		for (const key of [head, ...rest]) at = child(at, key);
		at.value = value;
	}
	const form: Form = {};
	for (const [name, value] of root.children) form[name] = formValue(value);
	return form;
}

function branch(): Branch {
	return { value: "", children: new Map() };
}

function child(parent: Branch, name: string): Branch {
	const key = name === "" ? String(parent.children.size) : name;
	const found = parent.children.get(key) ?? branch();
	parent.children.set(key, found);
	return found;
}

function formValue({ value, children }: Branch): FormValue {
	if (children.size === 0) return value;
	const entries = [...children].map(([name, inner]): [string, FormValue] => [name, formValue(inner)]);
	if (entries.every(([name]) => /^\d+$/.test(name))) return entries.map(([, inner]) => inner);
	return Object.fromEntries(entries);
}

/** A text field, "" when absent or not text. */
export function textOf(form: Form, name: string): string {
	const value = form[name];
	return typeof value === "string" ? value : "";
}

export function listOf(form: Form, name: string): FormValue[] {
	const value = form[name];
	return Array.isArray(value) ? value : [];
}

/** Nested fields, empty when absent. */
export function fieldsOf(value: FormValue | undefined): Form {
	return typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** Metadata: text by name; an empty text removes the key, so it is left out. */
export function metadataOf(form: Form): Record<string, string> {
	const metadata: Record<string, string> = {};
	for (const [name, value] of Object.entries(fieldsOf(form.metadata))) {
		if (typeof value === "string" && value !== "") metadata[name] = value;
	}
	return metadata;
}
