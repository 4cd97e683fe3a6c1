/** What workerd itself costs a request: taken off everything that is measured. */
export default {
	fetch: (): Response => new Response("hello"),
};
