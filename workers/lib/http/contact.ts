/** A URI on one line: a mailbox, a page or a telephone (RFC 9116, 2.5.3). */
const CONTACT = /^(?:mailto:[^\s@]{1,100}@[^\s@]{1,200}|https:\/\/[^\s]{1,500}|tel:\+[\d-]{3,30})$/;

/** Whether a text says whom to tell of a weakness, as SECURITY_CONTACT must. */
export function isContact(uri: string): boolean {
	return CONTACT.test(uri);
}
