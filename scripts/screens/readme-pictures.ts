import { join } from "node:path";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { HEIGHTS, type Screen, untilSettled } from "./photograph";

interface Picture {
  /** The name of the file in docs/images without its extension. The name of a dark picture ends with `-dark`. */
  file: string;
  /** The size of the window. It shows everything that the picture's text in README.md mentions. */
  width: number;
  height: number;
  /** Also taken in the dark theme, of the same moment. */
  isInDarkToo?: true;
}

/** The screens that README.md shows, by name. */
const PICTURES: Readonly<Record<string, Picture>> = {
  // Down to the end of the chart of the throughput.
  overview: { file: "overview", width: 1440, height: 990, isInDarkToo: true },
  "schedules-last-run": { file: "schedules", width: 1440, height: 1240 },
  // From the name of the schedule to the answer.
  "schedule-why": { file: "why-not-fired", width: 1280, height: 1240 },
  // Down to the end of the chart of the lateness.
  analytics: { file: "analytics", width: 1280, height: 1020 },
  // Down to the first crowded minutes.
  upcoming: { file: "upcoming", width: 1280, height: 1020 },
};

/** Writes compressed pictures of the window if README.md shows this screen, at the call for `light` and 1280 px. */
export async function writeReadmePicture(input: {
  page: Page;
  screen: Screen;
  theme: string;
  width: number;
  folder: string;
}): Promise<void> {
  const { page, screen, theme, width, folder } = input;
  const picture = PICTURES[screen.name];
  if (picture === undefined || theme !== "light" || width !== 1280) return;
  await page.setViewportSize({ width: picture.width, height: picture.height });
  await untilSettled(page);
  await write(page, join(folder, `${picture.file}.png`));
  if (picture.isInDarkToo) {
    await setDark(page, true);
    await write(page, join(folder, `${picture.file}-dark.png`));
    await setDark(page, false);
  }
  await page.setViewportSize({ width, height: HEIGHTS[1280] });
  await untilSettled(page);
}

async function write(page: Page, file: string): Promise<void> {
  const png = await page.screenshot({ animations: "disabled" });
  await sharp(png).png({ palette: true, colours: 128, compressionLevel: 9, effort: 10 }).toFile(file);
}

/** Changes the theme of a page that stays open. */
async function setDark(page: Page, isDark: boolean): Promise<void> {
  await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
  await page.evaluate((dark) => document.documentElement.classList.toggle("dark", dark), isDark);
  await untilSettled(page);
}
