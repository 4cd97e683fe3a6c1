type Child = Node | string;
type Attributes = Readonly<Record<string, string | number>>;

const SVG = "http://www.w3.org/2000/svg";

/** A new element; texts become text nodes, never markup. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	attributes: Attributes = {},
	...children: Child[]
): HTMLElementTagNameMap[Tag] {
	return filled(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
	tag: Tag,
	attributes: Attributes = {},
	...children: Child[]
): SVGElementTagNameMap[Tag] {
	return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled<Made extends Element>(element: Made, attributes: Attributes, children: Child[]): Made {
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
	element.append(...children);
	return element;
}

/**
 * The page's element of this id.
 * @throws {Error} the page and its script do not match
 */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
	const element = document.getElementById(id);
	if (element instanceof type) return element;
	throw new Error(`The page has no ${type.name} with the id ${id}.`);
}

/** The value of the radio button that is chosen. */
export function chosen(name: string): string {
	const input = document.querySelector(`input[name="${name}"]:checked`);
	return input instanceof HTMLInputElement ? input.value : "";
}
