// Draws the icons of the installed page from the mark, by a browser: `../tools/node node icons.js "$(command -v chromium)"`.
// The drawings are committed, so this is only for when the mark changes.

import { readFileSync, writeFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const PAPER = "#faf4ea";
// Systems cut a maskable one to their own shape, of which only the inner four fifths are safe, and round Apple's.
const ICONS = [
  { name: "192.png", size: 192, mark: 1, round: true },
  { name: "512.png", size: 512, mark: 1, round: true },
  { name: "maskable.png", size: 512, mark: 0.82, round: false },
  { name: "apple.png", size: 180, mark: 1.05, round: false },
];

const favicon = readFileSync(new URL("public/favicon.svg", import.meta.url), "utf8");
const [, background, mark] = /(<rect[^>]*>)(.*)<\/svg>/s.exec(favicon) ?? [];
const [, attributes] = /<svg([^>]*)>/.exec(favicon) ?? [];

const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage();
  for (const { name, size, mark: scale, round } of ICONS) {
    await page.setViewport({ width: size, height: size });
    const ground = round ? background : `<rect width="32" height="32" fill="${PAPER}"/>`;
    const drawn = `<g transform="translate(16 16) scale(${scale}) translate(-16 -16)">${mark}</g>`;
    await page.setContent(
      `<style>html,body{margin:0;background:transparent}svg{display:block}</style>` +
        `<svg${attributes} width="${size}" height="${size}">${ground}${drawn}</svg>`,
    );
    const png = await page.screenshot({ omitBackground: round });
    writeFileSync(new URL(`public/icons/${name}`, import.meta.url), png);
    console.log(`${name}  ${png.length} bytes`);
  }
} finally {
  await browser.close();
}
