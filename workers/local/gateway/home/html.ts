import { escaped } from "../../html.ts";

/** @param head what stands in `head` beside the title, made here */
export function htmlPage(title: string, head: string, body: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
${head}
</head>
${body}
</html>
`;
}
