/** The rows of a CSV by the letter of RFC 4180, except that the last line must end as well; throws at whatever is not CSV. */
export function parseCsv(text: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
	while (cell.lastIndex < text.length) {
		const at = cell.lastIndex;
		const [, quoted, plain = "", end] = cell.exec(text) ?? [];
		if (end === undefined) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 40)}`);
		row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
		if (end === ",") continue;
		rows.push(row);
		row = [];
	}
	return rows;
}
