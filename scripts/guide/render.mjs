import rehypeSlug from "rehype-slug";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { createCssVariablesTheme, createHighlighter } from "shiki";
import { unified } from "unified";
import { visit } from "unist-util-visit";

/*
 * Renders a guide of docs/guide for the dashboard. Runs while the dashboard is built (loader.cjs), so pages contain
 * finished HTML and load no library.
 */

const LANGUAGES = {
  bash: "bash",
  crontab: "bash",
  java: "java",
  json: "json",
  python: "python",
  ts: "ts",
  yaml: "yaml",
};
/** The colours are the variables `--shiki-…` of the page's theme. */
const theme = createCssVariablesTheme({ name: "page", variablePrefix: "--shiki-", fontStyle: false });
let highlighter;

/** Sections outside docs/guide that the dashboard serves, and their addresses. */
const OTHER_DOCUMENTS = { "../reference/contract.md#3-rest": "/docs/api" };

/** See render.d.mts. */
export async function renderGuide({ markdown, readPicture }) {
  highlighter ??= createHighlighter({ themes: [theme], langs: [...new Set(Object.values(LANGUAGES))] });
  const shiki = await highlighter;
  const processor = unified().use(remarkParse).use(remarkGfm).use(remarkRehype).use(rehypeSlug);
  const tree = await processor.run(processor.parse(markdown));
  const [heading, ...rest] = tree.children.filter((node) => !isBlank(node));
  if (heading?.tagName !== "h1") throw new Error("a guide begins with its title, a heading of level 1");
  tree.children = rest;
  adaptLinks(tree);
  await inlinePictures(tree, readPicture);
  wrapTables(tree);
  const headings = markHeadings(tree);
  return { title: textOf(heading), description: descriptionOf(rest), headings, parts: partsOf(tree, shiki) };
}

const isBlank = (node) => node.type === "text" && node.value.trim() === "";
const isElement = (node, ...names) => node.type === "element" && names.includes(node.tagName);
const element = (tagName, properties, ...children) => ({ type: "element", tagName, properties, children });

function textOf(node) {
  return node.type === "text" ? node.value : (node.children ?? []).map(textOf).join("");
}

/** The first sentence of the guide. */
function descriptionOf(nodes) {
  const paragraph = nodes.find((node) => isElement(node, "p"));
  const text = paragraph ? textOf(paragraph).replaceAll(/\s+/g, " ") : "";
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}

/** Turns links to files into addresses of the dashboard. Links out of docs/guide that it does not serve become text. */
function adaptLinks(tree) {
  visit(tree, "element", (node) => {
    if (node.tagName !== "a") return;
    const { href } = node.properties;
    if (/^(?:https?:|#)/.test(href)) return;
    const [path, anchor] = href.split("#");
    const guide = /^([a-z0-9-]+)\.md$/.exec(path)?.[1];
    const address = path === "README.md" ? "/docs" : guide ? `/docs/${guide}` : OTHER_DOCUMENTS[href];
    if (address !== undefined) node.properties.href = anchor && guide ? `${address}#${anchor}` : address;
    else if (path.startsWith("../")) Object.assign(node, { tagName: "span", properties: {} });
    else throw new Error(`the link to ${href} has no page in the dashboard`);
  });
}

/** Replaces images, which are SVG files, by their content, so that the colours follow the theme of the page. */
async function inlinePictures(tree, readPicture) {
  const pictures = [];
  visit(tree, "element", (node, index, parent) => {
    if (node.tagName === "img") pictures.push({ node, index, parent });
  });
  for (const { node, index, parent } of pictures) {
    const svg = await readPicture(node.properties.src);
    const named = svg
      .replace(/<style>[\s\S]*?<\/style>\n?/, "")
      .replace(/aria-label="[^"]*"/, `aria-label="${escapeAttribute(node.properties.alt)}"`);
    const scroller = element("div", { className: ["guide-picture"], tabIndex: 0 }, { type: "raw", value: named });
    parent.children[index] = scroller;
    if (isElement(parent, "p")) Object.assign(parent, { tagName: "div" });
  }
}

const escapeAttribute = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** Lets a wide table scroll in a box of its own. */
function wrapTables(tree) {
  visit(tree, "element", (node, index, parent) => {
    if (node.tagName !== "table" || parent.properties?.className?.includes("guide-table")) return;
    parent.children[index] = element("div", { className: ["guide-table"], tabIndex: 0 }, node);
  });
}

/** Adds a link to each heading of level 2 to 4, and lists these headings. */
function markHeadings(tree) {
  const headings = [];
  visit(tree, "element", (node) => {
    const level = /^h([2-4])$/.exec(node.tagName)?.[1];
    if (level === undefined) return;
    const { id } = node.properties;
    const text = textOf(node);
    headings.push({ level: Number(level), id, text });
    const label = `Link to “${text}”`;
    node.children.push(
      element("a", { className: ["guide-anchor"], href: `#${id}`, ariaLabel: label }, { type: "text", value: "#" }),
    );
  });
  return headings;
}

/** Splits the document at its blocks of code. On the page, those that are not output have a copy button. */
function partsOf(tree, shiki) {
  const stringify = unified().use(rehypeStringify, { allowDangerousHtml: true });
  const htmlOf = (children) => stringify.stringify({ type: "root", children });
  const parts = [];
  let prose = [];
  const flush = () => {
    if (prose.some((node) => !isBlank(node))) parts.push({ html: htmlOf(prose) });
    prose = [];
  };
  for (const node of tree.children) {
    if (!isElement(node, "pre")) {
      visit(node, "element", (inner) => {
        if (inner.tagName === "pre")
          throw new Error(`a block of code must not be in a list or quote: ${textOf(inner)}`);
      });
      prose.push(node);
      continue;
    }
    flush();
    parts.push(codePart(node.children[0], { shiki, htmlOf }));
  }
  flush();
  return parts;
}

function codePart(code, { shiki, htmlOf }) {
  const language = (code.properties.className ?? []).map((name) => name.replace("language-", ""))[0] ?? "text";
  const meta = code.data?.meta ?? "";
  const text = textOf(code).replace(/\n$/, "");
  const lang = LANGUAGES[language] ?? "text";
  const lines = shiki.codeToHast(text, { lang, theme: "page" }).children[0].children[0].children;
  const file = /\bfile=(\S+)/.exec(meta)?.[1];
  const isOutput = /\boutput\b/.test(meta);
  return { code: text, html: htmlOf(lines), label: file ?? (isOutput ? "Output" : null), isOutput };
}
