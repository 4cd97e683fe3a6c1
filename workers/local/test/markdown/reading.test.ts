import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LINK_CASES } from "../../../lib/test/link-cases.ts";
import { NEEDS_CHROMIUM, hasChromium, launchBrowser } from "../browser/browser.ts";
import { wordsIn } from "./answers.ts";
import { openRenderer } from "./renderer.ts";
import type { Renderer } from "./renderer.ts";

const ITEM = "<li><p>";

describe.skipIf(!hasChromium)(`an answer's markdown in a browser (${NEEDS_CHROMIUM})`, () => {
	let browser: Browser;
	let renderer: Renderer;
	beforeAll(async () => {
		browser = await launchBrowser();
		renderer = await openRenderer(browser);
	});
	afterAll(() => browser?.close());

	/** Without what every paragraph, heading, list or link has. */
	const html = async (text: string, isOpen = false): Promise<string> =>
		(await renderer.html(text, isOpen)).replace(/ (?:dir|target|rel|tabindex|scope)="[^"]*"/g, "");

	describe("leads where it may, and nowhere else", () => {
		it.each(LINK_CASES)("$kind", async ({ text, words, addresses, links = addresses }) => {
			const found = await renderer.links(text);
			expect(found.map((link) => link.replace(/(?<=^https?:\/\/[^/]+)\/$/, ""))).toEqual(links);
			expect(wordsIn(await renderer.prose(text)).join(" ")).toContain(wordsIn(words)[0] ?? "");
		});

		it.each([
			"[a](javascript:alert(1))",
			"[a](JaVaScRiPt:alert)",
			"[a]( javascript:alert)",
			"[a](java\\tscript:alert)",
			"[a](data:text/html,b)",
			"[a](vbscript:b)",
			"[a](blob:https://a.example/b)",
			"[a](file:///etc/passwd)",
			"<javascript:alert(1)>",
			"javascript://a.example/%0aalert(1)",
			"[a](below)",
			"[a](as he. wrote it)",
			"[a](https://b.example@c.example/)",
			"https://b.example:c@d.example/",
			"https://b!#",
			"https://b.example!c/d",
			"[a](https://b.example./)",
		])("%s is text", async (text) => {
			expect(await renderer.links(text)).toEqual([]);
			expect(wordsIn(await renderer.told(text))).toEqual(wordsIn(text));
		});

		it.each([
			["[https://bank.example/a](https://b.example/)", "https://bank.example/a (b.example)"],
			["[see www.bank.example](//b.example)", "see www.bank.example (b.example)"],
			["[bank.com](https://bank.com.b.example)", "bank.com (bank.com.b.example)"],
			["[Our Bank.com page](https://b.example)", "Our Bank.com page (b.example)"],
			["[bank.com](https://www.bank.com/a)", "bank.com"],
			["[www.bank.com/a](https://bank.com/b)", "www.bank.com/a"],
			["[https://bank.com](https://my.bank.com)", "https://bank.com"],
			["[form.pdf](https://b.example/form.pdf)", "form.pdf"],
			["[desk@bank.com](mailto:desk@b.example)", "desk@bank.com"],
		])("says where %s leads, if its words name another host", async (text, shown) => {
			expect(await renderer.text(text)).toBe(shown);
			expect(await renderer.links(text)).toHaveLength(1);
		});

		it("keeps the words of a message that is to be sent to a number", async () => {
			expect(await renderer.links("[a](sms:+1%20555-010-0199?body=Yes.%20I%20come)")).toEqual([
				"sms:+15550100199?body=Yes.%20I%20come",
			]);
		});

		it("shows letters in the order that they are in", async () => {
			expect(await renderer.text("\u202Eelpmaxe.b\u202C \u202Da")).toBe("elpmaxe.b\u202C a");
		});

		it("tells a link's title, and opens it beside the page without telling where it came from", async () => {
			expect(await renderer.html('[a](https://a.example/ "Our page")')).toBe(
				'<p dir="auto"><a dir="auto" href="https://a.example/" target="_blank" rel="noopener nofollow ugc" title="Our page">a</a></p>',
			);
		});
	});

	describe("is shown as what it means", () => {
		it.each([
			[
				"emphasis",
				"**a** __b__ *c* _d_ ***e*** ~~f~~",
				"<p><strong>a</strong> <strong>b</strong> <em>c</em> <em>d</em> <strong><em>e</em></strong> <del>f</del></p>",
			],
			[
				"emphasis in emphasis",
				"**a *b* c** *d **e** f*",
				"<p><strong>a <em>b</em> c</strong> <em>d <strong>e</strong> f</em></p>",
			],
			["marks within words and numbers", "a_b_c 2*3*4 7**8**9 (2)**3 x**2", "<p>a_b_c 2*3*4 7**8**9 (2)**3 x**2</p>"],
			["marks without spaces in Chinese", "请**先打电话：**再来", "<p>请<strong>先打电话：</strong>再来</p>"],
			["bold that was cut", "Bring **your card", "<p>Bring <strong>your card</strong></p>"],
			["a footnote's asterisk", "Price*\n*Only today", "<p>Price*<br>*Only today</p>"],
			["code", "`a*b*` ``c`d`` `e", "<p><code>a*b*</code> <code>c`d</code> `e</p>"],
			["escapes", "\\*a\\* C:\\b", "<p>*a* C:\\b</p>"],
			["hard breaks", "a  \nb\\\nc<br>d\ne", "<p>a  <br>b<br>c<br>d<br>e</p>"],
			[
				"headings, none left out",
				"### a\n##### b\n## c ##\n####### d",
				"<h3>a</h3><h4>b</h4><h3>c</h3><p>####### d</p>",
			],
			["a rule", "a\n\n---\n\n* * *\nb", "<p>a</p><hr><hr><p>b</p>"],
			[
				"lists in lists",
				"- a\n  - b\n    1. c\n- d",
				`<ul>${ITEM}a</p><ul>${ITEM}b</p><ol>${ITEM}c</p></li></ol></li></ul></li>${ITEM}d</p></li></ul>`,
			],
			[
				"numbers as they are written",
				"3. a\n\n4. b\n7. c",
				'<ol><li value="3"><p>a</p></li><li value="4"><p>b</p></li><li value="7"><p>c</p></li></ol>',
			],
			["tasks", "- [ ] a\n- [x] b", '<ul><li class="task"><p>☐ a</p></li><li class="task"><p>☑ b</p></li></ul>'],
			[
				"an item's further paragraph and code",
				"1. a\n\n   b\n   ```\n   c\n   ```",
				`<ol>${ITEM}a</p><p>b</p><pre title=""><code>c</code></pre></li></ol>`,
			],
			[
				"a quotation with a list",
				"> a\n> - b\n\nc",
				`<blockquote><p>a</p><ul>${ITEM}b</p></li></ul></blockquote><p>c</p>`,
			],
			["a comparison", "> 38.5 °C", "<p>&gt; 38.5 °C</p>"],
			[
				"a table",
				"| a | |\n|---|:-:|\n| `b\\|c` | **d** | e |\nf",
				'<div class="wide"><table><tr><th>a</th><td></td></tr><tr><td><code>b|c</code></td><td><strong>d</strong></td><td>e</td></tr></table></div><p>f</p>',
			],
			[
				"a table without bars around it",
				"a | b\n-|-\nc | d",
				'<div class="wide"><table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table></div>',
			],
			["bars that are none", "a | b\n|c| is d", "<p>a | b<br>|c| is d</p>"],
			["code in a fence", "```js\na < b\n\n# c\n```\nd", '<pre title="js"><code>a &lt; b\n\n# c</code></pre><p>d</p>'],
			["a fence that never ends", "~~~\na\n```", '<pre title=""><code>a\n```</code></pre>'],
			["markdown in a fence", "```markdown\n# a\n```", "<h3>a</h3>"],
			["an image, which nobody asked for", "![a *b*](https://a.example/c.png)", "<p><span>a <em>b</em></span></p>"],
			[
				"hostile markup",
				"<img src=x onerror=alert(1)><script>a</script>",
				"<p>&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;a&lt;/script&gt;</p>",
			],
		])("%s", async (_, text, expected) => {
			expect(await html(text)).toBe(expected);
		});
	});

	describe("while it comes", () => {
		it.each([
			["bold", "a **b", "<p>a <strong>b</strong></p>"],
			["a mark that nothing follows yet", "a **", "<p>a </p>"],
			["half of a closing mark", "**a*", "<p><strong>a</strong></p>"],
			["code", "`a b", "<p><code>a b</code></p>"],
			["a link's words", "a [b c", "<p>a </p>"],
			["a link's address", "a [b](https://c", "<p>a </p>"],
			["an address, which leads nowhere yet", "a https://b.exam", "<p>a https://b.exam</p>"],
			["a phone number, likewise", "a 555-010-0199", "<p>a 555-010-0199</p>"],
			[
				"an address that has ended",
				"https://b.example/ a",
				'<p><a href="https://b.example/">https://b.example/</a> a</p>',
			],
			["a list's mark", "a\n\n- ", "<p>a</p>"],
			["a number that may be a list's", "a\n1", "<p>a</p>"],
			["a box that may be a task's", "- a\n- [", `<ul>${ITEM}a</p></li><li><p></p></li></ul>`],
			["a heading's mark", "a\n##", "<p>a</p>"],
			["a fence", "a\n```j", '<p>a</p><pre title="j"><code></code></pre>'],
			["a fence's end", "```\na\n``", '<pre title=""><code>a</code></pre>'],
			["a table's head", "| a | b", '<div class="wide"><table><tr><th>a</th><th>b</th></tr></table></div>'],
			["a table's rule", "| a |\n|--", '<div class="wide"><table><tr><th>a</th></tr></table></div>'],
			[
				"a table's row",
				"| a |\n|---|\n| **b",
				'<div class="wide"><table><tr><th>a</th></tr><tr><td><strong>b</strong></td></tr></table></div>',
			],
			["a tag", "a <b", "<p>a </p>"],
		])("%s is held or shown sensibly", async (_, text, expected) => {
			expect(await html(text, true)).toBe(expected);
		});
	});

	it("touches only what changed: what is selected stays selected, and finished blocks stay the same nodes", async () => {
		const draw = (text: string) =>
			renderer.page.evaluate((come) => Reflect.get(globalThis, "draw")(document.body, come, true), text);
		await draw("Call **us** today.\n\n- one\n- tw");
		await renderer.page.evaluate(() => {
			const touched: string[] = [];
			new MutationObserver((records) => {
				for (const { type, target, addedNodes, removedNodes } of records)
					touched.push(`${type} ${target.nodeName} +${addedNodes.length} -${removedNodes.length}`);
			}).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
			Object.assign(globalThis, { touched });
			getSelection()?.selectAllChildren(document.querySelector("li") ?? document.body);
		});
		await draw("Call **us** today.\n\n- one\n- two and");
		await draw("Call **us** today.\n\n- one\n- two and **three");
		expect(await renderer.page.evaluate(() => [String(getSelection()), Reflect.get(globalThis, "touched")])).toEqual([
			"one",
			["characterData #text +0 -0", "characterData #text +0 -0", "childList P +1 -0"],
		]);
	});
});
