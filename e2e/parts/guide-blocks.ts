import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { visit } from "unist-util-visit";

const FOLDER = fileURLToPath(new URL("../../docs/guide", import.meta.url));

/** A fenced block of a guide. */
export interface GuideBlock {
  /** The place in the document, such as `docs/guide/messages.md:40`. */
  place: string;
  language: string;
  /** How the block is checked, such as "output"; "" if it has no mark. `file=NAME` is in `file` instead. */
  mark: string;
  /** The file in which the reader saves the block. */
  file: string | null;
  code: string;
}

/** The names of the guides, without `.md`, in the order of the overview. A guide may use results of earlier guides. */
export function guideNames(): string[] {
  const overview = readFileSync(`${FOLDER}/README.md`, "utf8");
  return Array.from(overview.matchAll(/^\| \[[^\]]+\]\(([\w-]+)\.md\)/gm), ([, name]) => name as string);
}

/** The fenced blocks of a guide, in their order. */
export function guideBlocks(name: string): GuideBlock[] {
  const blocks: GuideBlock[] = [];
  const tree = unified()
    .use(remarkParse)
    .parse(readFileSync(`${FOLDER}/${name}.md`, "utf8"));
  visit(tree, "code", ({ lang, meta, value, position }) => {
    const words = (meta ?? "").split(/\s+/).filter((word) => word !== "");
    const file = words.find((word) => word.startsWith("file="))?.slice("file=".length) ?? null;
    blocks.push({
      place: `docs/guide/${name}.md:${position?.start.line}`,
      language: lang ?? "",
      mark: words.filter((word) => !word.startsWith("file=")).join(" "),
      file,
      code: value,
    });
  });
  return blocks;
}
