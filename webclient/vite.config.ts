// The page is served under a strict content security policy (script-src 'self'; style-src 'self'; trusted-types passerby):
// no inline script or style, nothing as data: or blob: script, no other host. gallery.html is for looking at
// and for tests: it stays out of the page, and `vite build --mode gallery` puts it into a folder of its own.

import { defineConfig } from "vitest/config";
import { serviceWorker } from "./bundle/worker.ts";

export default defineConfig(({ mode }) => ({
  base: "/",
  plugins: [serviceWorker()],
  build: {
    target: "es2022",
    outDir: mode === "gallery" ? "dist-gallery" : "dist",
    emptyOutDir: true,
    // The polyfill would be an inline script in older browsers, none of which can run the page anyway.
    modulePreload: { polyfill: false },
    // A small icon written into the style sheet as data: would need a wider policy.
    assetsInlineLimit: 0,
    sourcemap: false,
    // The legal pages are made by the server (webclient/legal), and need of the build their style sheet alone.
    rolldownOptions: {
      input: mode === "gallery" ? "gallery.html" : { index: "index.html", legal: "src/style/legal.css" },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: {
    // `npm run dev` beside `passerby up`: the page from here, the broker from there.
    proxy: { "/mqtt": { target: "ws://127.0.0.1:8000", ws: true } },
  },
  test: {
    environment: "node",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
  },
}));
