/** docs/messages.md is what the catalogue says. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { messages } from "../grammar/messages/index.ts";
import { messagesPage, messagesPagePath } from "./messages-page.ts";

const page = messagesPage();

it("docs/messages.md is up to date: `npm run docs:messages` writes it", () => {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(messagesPagePath, page);
  expect(readFileSync(messagesPagePath, "utf8")).toBe(page);
});

it("every message is shown as it is printed", () => {
  const missing = messages.filter(({ code }) => !page.includes(`[${code}]: `));
  expect(missing.map(({ code }) => code)).toEqual([]);
});
