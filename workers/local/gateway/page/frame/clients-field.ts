import type { Api } from "../api/portal.ts";
import { list, text } from "../api/read.ts";
import { byId, el } from "../dom/dom.ts";

/** Gives staff the customers to choose from. */
export async function fillClients(api: Api, chosen: string): Promise<void> {
	const clients = list(await api.get("clients"), "clients", (from) => [text(from, "id"), text(from, "name")] as const);
	const select = byId("client", HTMLSelectElement);
	select.replaceChildren(...clients.map(([id, name]) => el("option", { value: id }, name)));
	select.value = chosen;
}
