/**
 * A text with a count for its `{n}`, as the language writes numbers. Where the words depend on the count, the text has a form for each of the
 * language's plural categories: `one:{n} second|other:{n} seconds`; the last one stands for those that are not there.
 * @param language the text's
 */
export function counted(text: string, count: number, language: string): string {
	const category = new Intl.PluralRules(language).select(count);
	const forms = text.split("|");
	const form = forms.find((one) => one.startsWith(`${category}:`)) ?? forms.at(-1) ?? "";
	return form.replace(/^[a-z]+:/, "").replace("{n}", new Intl.NumberFormat(language).format(count));
}
