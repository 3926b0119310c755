import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Guide } from "~/components/docs/guide";
import { renderGuide } from "~/scripts/guide/render.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = `${ROOT}docs/guide/`;
const read = (path: string) => readFileSync(path, "utf8");
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
const INDEX = "README.md";

const guides = new Map<string, Guide>();
beforeAll(async () => {
  for (const name of FILES) {
    const readPicture = async (picture: string) => read(FOLDER + picture);
    guides.set(name, await renderGuide({ markdown: read(FOLDER + name), readPicture }));
  }
});

const proseOf = ({ parts }: Guide) => parts.map((part) => ("code" in part ? "" : part.html)).join("\n");
const guideOf = (name: string) => guides.get(name) as Guide;

test("the dashboard and docs/guide/README.md list every guide", () => {
  const others = FILES.filter((name) => name !== INDEX);
  const listed = [...read(`${ROOT}app/(docs)/docs/guides.ts`).matchAll(/\["([\w-]+)",/g)].map(
    ([, name]) => `${name}.md`,
  );
  expect(listed.toSorted()).toEqual(others);
  const linked = [...read(FOLDER + INDEX).matchAll(/^\| \[[^\]]+\]\(([\w-]+\.md)\)/gm)].map(
    ([, name]) => name as string,
  );
  expect(linked.toSorted()).toEqual(others);
});

describe.each(FILES)("%s", (name) => {
  test("has a title, a first sentence and no raw Markdown", () => {
    const { title, description } = guideOf(name);
    expect(title.length).toBeGreaterThan(2);
    expect(description.length).toBeGreaterThan(20);
    expect(proseOf(guideOf(name)).replaceAll(/<code>.*?<\/code>/gs, "")).not.toMatch(/\]\(|\*\*|```/);
  });

  test("links only to sections that exist", () => {
    const anchors = [...proseOf(guideOf(name)).matchAll(/href="(\/docs\/([\w-]+))?#([\w-]+)"/g)];
    const missing = anchors.filter(([, , target, id]) => {
      const { headings } = guideOf(target === undefined ? name : `${target}.md`);
      return !headings.some((heading) => heading.id === id);
    });
    expect(missing.map(([href]) => href)).toEqual([]);
  });

  test("names parts of the dashboard as the dashboard does", () => {
    const bold = [...read(FOLDER + name).matchAll(/\*\*([A-Z][^*\n]*?)\*\*/g)].map(([, text]) => text as string);
    // A sentence in bold is not a label.
    const labels = bold.filter((text) => !text.endsWith(".")).flatMap((text) => text.split(" > "));
    expect(labels.filter((label) => !DASHBOARD_CODE.includes(label))).toEqual([]);
  });
});

const DASHBOARD_CODE = ["app", "components"]
  .flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" }).map((file) => `${ROOT}${folder}/${file}`),
  )
  .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
  .map(read)
  .join("\n");
