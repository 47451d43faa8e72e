// Where to reach the operator, as they wrote it: an address for mail, a page, or words. The service is trusted to say it,
// but a link is made only of what can do no more than open a letter or a page.

/** No `?` or `&`: an address cannot bring along other receivers or a text. */
const MAIL = /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

export function contactLink(contact: string): string | undefined {
  if (MAIL.test(contact)) return `mailto:${contact}`;
  if (!/^https:\/\/[^\s\\]+$/i.test(contact)) return undefined;
  try {
    const { href, protocol, username, password } = new URL(contact);
    // A name before the host makes one page look like another.
    return protocol === "https:" && username === "" && password === "" ? href : undefined;
  } catch {
    return undefined;
  }
}
