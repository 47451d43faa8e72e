import { expect, it } from "vitest";
import { contactLink } from "../src/contact";

it.each([
  ["help@passerby.example", "mailto:help@passerby.example"],
  ["night.desk+bans@mail.passerby.example", "mailto:night.desk+bans@mail.passerby.example"],
  ["https://passerby.example/appeal?from=page", "https://passerby.example/appeal?from=page"],
])("makes a link of %s", (contact, href) => {
  expect(contactLink(contact)).toBe(href);
});

it.each([
  "Ask at the desk of the library.",
  "http://passerby.example/",
  "javascript:alert(1)",
  "data:text/html,hello",
  "https://",
  "https://bank.example@evil.example/",
  "https://evil.example\\@bank.example/",
  "https://a b.example/",
  " https://passerby.example/",
  "a@b",
  "a@b.example?bcc=c@d.example",
  "a@b.example, c@d.example",
  "mailto:a@b.example",
  "a@b.example\nhttps://c.example",
])("takes for words: %j", (contact) => {
  expect(contactLink(contact)).toBeUndefined();
});
