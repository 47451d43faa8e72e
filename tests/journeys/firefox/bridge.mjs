// Drives a stock Firefox, through puppeteer-core and WebDriver BiDi, for tests that are written in Python. It knows
// nothing of the page under test, and waits for nothing but for what it was asked to do: who asks has the deadlines.
//
//   node bridge.mjs FIREFOX
//
//   Python ── {id, do, …} ──► bridge ── BiDi ──► Firefox          one line of JSON each, on stdin and stdout
//          ◄── {id, gave} or {id, failed} ──
//          ◄── {window, error} ── whatever a page complains of
//
// It ends when stdin does, and Firefox with it.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { find } from "./find.mjs";

// This folder has no packages of its own: those of the page serve.
const { launch } = createRequire(new URL("../../../webclient/package.json", import.meta.url))("puppeteer-core");

const preferences = {
  "media.navigator.permission.disabled": true, // camera and microphone without a question …
  "media.navigator.streams.fake": true, // … and made up
  "media.autoplay.default": 0,
  "dom.min_background_timeout_value": 4, // every window counts as looked at, in whatever order they were opened
};

// What the content security policy refuses is told to the page alone.
const tellRefusals = `addEventListener("securitypolicyviolation", (refused) =>
  console.error(\`refused by \${refused.effectiveDirective}: \${refused.blockedURI}\`));`;

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const contexts = [];
const windows = [];

const commands = {
  context: async () => contexts.push({ context: await browser.createBrowserContext(), scripts: [tellRefusals] }) - 1,
  script: ({ context, script }) => void contexts[context].scripts.push(script),
  leave: ({ context }) => contexts[context].context.close(),

  async open({ context, width, height }) {
    const page = await contexts[context].context.newPage({ type: "window" });
    const window = windows.push(page) - 1;
    page.on("pageerror", (error) => say({ window, error: String(error) }));
    page.on("console", (entry) => entry.type() === "error" && say({ window, error: entry.text() }));
    page.on("dialog", (dialog) => dialog.accept().catch(() => undefined));
    await page.setViewport({ width, height });
    for (const script of contexts[context].scripts) await page.evaluateOnNewDocument(script);
    return window;
  },
  goto: async ({ window, url }) => void (await windows[window].goto(url)),
  reload: async ({ window }) => void (await windows[window].reload()),
  size: ({ window, width, height }) => windows[window].setViewport({ width, height }),
  shoot: async ({ window, path }) => void (await windows[window].screenshot({ path })),
  close: ({ window }) => windows[window].close(),

  evaluate: ({ window, expression }) => windows[window].evaluate(expression),
  /** What the one that fits shows, or null. */
  read: ({ window, what }) => windows[window].evaluate(`${found(what)}?.innerText.trim() ?? null`),
  key: ({ window, key }) => windows[window].keyboard.press(key),
  type: ({ window, text }) => windows[window].keyboard.type(text),

  focus: ({ window, what }) => onOne(window, what, (element) => element.focus()),
  click: ({ window, what }) => onOne(window, what, (element) => element.click()),
  check: ({ window, what }) =>
    onOne(window, what, async (element) => {
      if (!(await element.evaluate((box) => box.checked))) await element.click();
    }),
  /** All at once, as by pasting: typed line breaks would be Enter. */
  fill: ({ window, what, text }) =>
    onOne(window, what, (element) =>
      element.evaluate((box, text) => {
        box.focus();
        box.select();
        document.execCommand("insertText", false, text);
      }, text),
    ),
  /** Choose files in the dialog that a click opens. */
  choose: ({ window, what, paths }) =>
    onOne(window, what, async (element) => {
      const [dialog] = await Promise.all([windows[window].waitForFileChooser(), element.click()]);
      await dialog.accept(paths);
    }),
};

/** An expression for the one that fits, or null; the browser evaluates it, so that the page's policy has no say. */
function found(what) {
  return `(${one})((${find})(${JSON.stringify(what)}))`;
}

function one(all) {
  if (all.length > 1) throw new Error(`${all.length} fit`);
  return all[0] ?? null;
}

/** Do something with the one that fits; whether there was one. */
async function onOne(window, what, act) {
  const handle = await windows[window].evaluateHandle(found(what));
  const element = handle.asElement();
  if (element) await act(element);
  await handle.dispose();
  return element !== null;
}

const browser = await launch({
  browser: "firefox",
  executablePath: process.argv[2],
  headless: true,
  extraPrefsFirefox: preferences,
});
// Without Firefox nothing can be answered; who waits for an answer sees the end.
const end = () => process.exit(1);
browser.on("disconnected", end);
say({ ready: await browser.version() });

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: what, ...given } = JSON.parse(line);
  // Not awaited: two people act at once.
  Promise.resolve(given)
    .then(commands[what])
    .then(
      (gave = null) => say({ id, gave }),
      (error) => say({ id, failed: String(error) }),
    );
}
browser.off("disconnected", end);
await browser.close();
