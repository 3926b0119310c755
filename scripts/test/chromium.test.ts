import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { findChromium, presentChromium } from "./chromium.mjs";

let folder: string;
const install = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
};

// A PATH with nothing but the shell, so that no installed browser and no apt-get is found.
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chromium-"));
  symlinkSync("/bin/sh", join(folder, "sh"));
  vi.stubEnv("PATH", folder);
  vi.stubEnv("CHROMIUM_PATH", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it("the browser is the first installed one of the known names", async () => {
  const chrome = install("google-chrome");
  expect(presentChromium()).toBe(chrome);
  const shell = install("chromium-headless-shell");
  expect(presentChromium()).toBe(shell);
  expect(await findChromium()).toBe(shell);
});

it("CHROMIUM_PATH is used instead of an installed browser", async () => {
  install("chromium");
  vi.stubEnv("CHROMIUM_PATH", "/opt/chrome");
  expect(presentChromium()).toBe("/opt/chrome");
  expect(await findChromium()).toBe("/opt/chrome");
});

it("there is no browser if none is installed and none can be installed", async () => {
  expect(presentChromium()).toBe(null);
  expect(await findChromium()).toBe(null);
});
