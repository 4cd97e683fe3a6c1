/** A way to write an address into a text, for whatever reads markdown: speech leaves addresses out, a page may link to them. */
export interface LinkCase {
	kind: string;
	text: string;
	/** What is left of the text without its addresses, spaces folded. */
	words: string;
	/** The addresses as they are written, without what belongs to the sentence. */
	addresses: readonly string[];
	/** Where a page leads from it, if not to just these. */
	links?: readonly string[];
}

export const LINK_CASES: readonly LinkCase[] = [
	{
		kind: "a bare address at a full stop",
		text: "See https://a.example/x.",
		words: "See .",
		addresses: ["https://a.example/x"],
	},
	{
		kind: "a bare address before a comma",
		text: "At http://a.example, or call",
		words: "At , or call",
		addresses: ["http://a.example"],
	},
	{
		kind: "an address with a query",
		text: "Go https://a.example/s?q=1,2&l=en#top now",
		words: "Go now",
		addresses: ["https://a.example/s?q=1,2&l=en#top"],
	},
	{
		kind: "an address in brackets",
		text: "Us (https://a.example/b) here",
		words: "Us () here",
		addresses: ["https://a.example/b"],
	},
	{
		kind: "an address with brackets",
		text: "On https://a.example/B_(c) today",
		words: "On today",
		addresses: ["https://a.example/B_(c)"],
	},
	{
		kind: "a Chinese comma behind an address",
		text: "打开https://a.example/h，再登录",
		words: "打开，再登录",
		addresses: ["https://a.example/h"],
	},
	{
		kind: "full-width brackets round an address",
		text: "官网（https://a.example）在此",
		words: "官网（）在此",
		addresses: ["https://a.example"],
	},
	{
		kind: "Chinese words behind an address",
		text: "登录https://a.example/h然后",
		words: "登录 然后",
		addresses: ["https://a.example/h"],
	},
	{
		kind: "a Korean particle behind an address",
		text: "https://a.example을 여세요",
		words: "을 여세요",
		addresses: ["https://a.example"],
	},
	{
		kind: "an Arabic comma behind an address",
		text: "زر https://a.example، ثم",
		words: "زر ، ثم",
		addresses: ["https://a.example"],
	},
	{
		kind: "a dash behind an address",
		text: "Try https://a.example/faq–then wait",
		words: "Try –then wait",
		addresses: ["https://a.example/faq"],
	},
	{
		kind: "a sentence behind an address",
		text: "Read https://a.example/faq.Then call",
		words: "Read .Then call",
		addresses: ["https://a.example/faq"],
	},
	{
		kind: "a sentence behind a host",
		text: "Read https://a.example.Then call",
		words: "Read .Then call",
		addresses: ["https://a.example"],
	},
	{
		kind: "a quotation mark behind an address",
		text: "“https://a.example/q”is it",
		words: "“”is it",
		addresses: ["https://a.example/q"],
	},
	{
		kind: "an entity behind an address",
		text: "https://a.example/e&nbsp;and on",
		words: "and on",
		addresses: ["https://a.example/e"],
	},
	{
		kind: "bold round an address",
		text: "**https://a.example/b** it is",
		words: "it is",
		addresses: ["https://a.example/b"],
	},
	{ kind: "an autolink", text: "Use <https://a.example/l>now", words: "Use now", addresses: ["https://a.example/l"] },
	{
		kind: "a link",
		text: "Open [the page](https://a.example/p) now",
		words: "Open the page now",
		addresses: ["https://a.example/p"],
	},
	{
		kind: "a link with brackets in its address",
		text: "Open [it](https://a.example/p_(q)) now",
		words: "Open it now",
		addresses: ["https://a.example/p_(q)"],
	},
	{
		kind: "a link with a title",
		text: 'Open [it](https://a.example/t "Our page") now',
		words: "Open it now",
		addresses: ["https://a.example/t"],
	},
	{
		kind: "brackets within a link's words",
		text: "Open [our [new] page](https://a.example/n) now",
		words: "Open our [new] page now",
		addresses: ["https://a.example/n"],
	},
	{
		kind: "bold within a link",
		text: "Open [**our** page](https://a.example/o)",
		words: "Open our page",
		addresses: ["https://a.example/o"],
	},
	{
		kind: "an image",
		text: "Here: ![a map](https://a.example/m.png) of us",
		words: "Here: a map of us",
		addresses: ["https://a.example/m.png"],
		links: [],
	},
	{
		kind: "words in brackets that are no address",
		text: "He [sic](as he wrote) left",
		words: "He [sic](as he wrote) left",
		addresses: [],
	},
	{
		kind: "a mailbox",
		text: "Write to front.desk@a.example today",
		words: "Write to front.desk@a.example today",
		addresses: [],
		links: ["mailto:front.desk@a.example"],
	},
	{
		kind: "a mailbox at the end of a sentence",
		text: "Write to front.desk@a.example.",
		words: "Write to front.desk@a.example.",
		addresses: [],
		links: ["mailto:front.desk@a.example"],
	},
	{
		kind: "a mailbox in Chinese brackets",
		text: "来信（desk@a.example）即可",
		words: "来信（desk@a.example）即可",
		addresses: [],
		links: ["mailto:desk@a.example"],
	},
	{
		kind: "a mailbox in angle brackets",
		text: "Write to <desk@a.example> now",
		words: "Write to desk@a.example now",
		addresses: [],
		links: ["mailto:desk@a.example"],
	},
	{
		kind: "a link to a mailbox with a subject",
		text: "[Write to us](mailto:desk@a.example?subject=A%20visit).",
		words: "Write to us.",
		addresses: ["mailto:desk@a.example?subject=A%20visit"],
	},
	{
		kind: "a phone number of a country",
		text: "Call +1 (555) 010-0199 now",
		words: "Call +1 (555) 010-0199 now",
		addresses: [],
		links: ["tel:+15550100199"],
	},
	{
		kind: "a phone number of Spain",
		text: "Llame al +34 912 345 678, de 9 a 17",
		words: "Llame al +34 912 345 678, de 9 a 17",
		addresses: [],
		links: ["tel:+34912345678"],
	},
	{
		kind: "a phone number with a zero that is not dialled",
		text: "Ring +44 (0)20 7946 0018.",
		words: "Ring +44 (0)20 7946 0018.",
		addresses: [],
		links: ["tel:+442079460018"],
	},
	{
		kind: "a phone number with its area code",
		text: "Call (555) 010-0199 or 555-010-0199 or 555.010.0199",
		words: "Call (555) 010-0199 or 555-010-0199 or 555.010.0199",
		addresses: [],
		links: ["tel:5550100199", "tel:5550100199", "tel:5550100199"],
	},
	{
		kind: "a free phone number",
		text: "Call 1-800-555-0199 any time",
		words: "Call 1-800-555-0199 any time",
		addresses: [],
		links: ["tel:18005550199"],
	},
	{
		kind: "numbers that are no phone numbers",
		text: "On 2026-11-29, $1,250.00, ID 555-010-0199, 123-45-6789, #555-010-0199, 3.141.592.6535, 10:30-11:45",
		words: "On 2026-11-29, $1,250.00, ID 555-010-0199, 123-45-6789, #555-010-0199, 3.141.592.6535, 10:30-11:45",
		addresses: [],
		links: [],
	},
	{
		kind: "a link to a phone number",
		text: "Please [call us](tel:+15550100199).",
		words: "Please call us.",
		addresses: ["tel:+15550100199"],
	},
	{
		kind: "a link to a text message",
		text: "Or [text 988](sms:988)!",
		words: "Or text 988!",
		addresses: ["sms:988"],
	},
	{
		kind: "an address without a scheme",
		text: "See www.a.example/x, or call",
		words: "See , or call",
		addresses: ["www.a.example/x"],
		links: ["https://www.a.example/x"],
	},
	{
		kind: "an address at a Chinese full stop",
		text: "请看https://a.example/h。",
		words: "请看。",
		addresses: ["https://a.example/h"],
	},
	{
		kind: "a link to a page of the same site",
		text: "Use [our form](/contact) now",
		words: "Use our form now",
		addresses: ["/contact"],
		links: ["https://practice.example/contact"],
	},
	{
		kind: "a link to a page beside this one",
		text: "Use [our form](./new.html?step=1#top) now",
		words: "Use our form now",
		addresses: ["./new.html?step=1#top"],
		links: ["https://practice.example/kids/new.html?step=1#top"],
	},
];
