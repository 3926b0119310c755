import type { Guide } from "../../components/docs/guide";

/** `readPicture` reads an SVG file by its path in docs/guide. */
export function renderGuide(input: {
  markdown: string;
  readPicture: (name: string) => Promise<string>;
}): Promise<Guide>;
