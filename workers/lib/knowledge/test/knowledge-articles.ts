/** An article as a customer writes it in the portal. */
export interface Article {
	id: string;
	title: string;
	body: string;
}
