import { join } from "node:path";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import type { Screen } from "./photograph";

/** Screen, theme and width → file in docs/images. */
const FILES: Record<string, string> = {
  "overview light 1280": "overview.png",
  "overview dark 1280": "overview-dark.png",
  "schedules light 1280": "schedules.png",
  "schedule-why light 1280": "why-not-fired.png",
  "analytics light 1280": "analytics.png",
  "upcoming light 1280": "upcoming.png",
};

/** Writes a compressed picture of the window if README.md shows this screen. */
export async function writeReadmePicture(input: {
  page: Page;
  screen: Screen;
  theme: string;
  width: number;
  folder: string;
}): Promise<void> {
  const { page, screen, theme, width, folder } = input;
  const file = FILES[`${screen.name} ${theme} ${width}`];
  if (!file) return;
  if (screen.name === "schedule-why")
    await page.getByRole("heading", { name: "Why didn't it fire?" }).scrollIntoViewIfNeeded();
  const png = await page.screenshot({ animations: "disabled" });
  await sharp(png).png({ palette: true, colours: 128, compressionLevel: 9, effort: 10 }).toFile(join(folder, file));
}
