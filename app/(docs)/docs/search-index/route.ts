import type { DocsEntry } from "~/components/docs/search";
import { GUIDES, OVERVIEW } from "../guides";
import { REFERENCE } from "../reference";

/** Built once: the index is the same for all readers. */
export const dynamic = "force-static";

const GUIDE_ENTRIES: DocsEntry[] = [...GUIDES].flatMap(([name, { title, headings }]) => [
  { href: `/docs/${name}`, label: title, hint: "Guide" },
  ...headings.map(({ id, text }) => ({ href: `/docs/${name}#${id}`, label: text, hint: title })),
]);
const API_ENTRIES: DocsEntry[] = REFERENCE.flatMap(({ slug, name, operations }) => [
  { href: `/docs/api/${slug}`, label: `${name} API`, hint: "API reference" },
  ...operations.map(({ id, method, path, summary }) => ({
    href: `/docs/api/${slug}#${id}`,
    label: summary.replaceAll("`", ""),
    hint: `${method} ${path}`,
  })),
]);

/** The titles and headings of the documentation, for the search of the dashboard. */
export function GET(): Response {
  const entries: DocsEntry[] = [
    { href: "/docs", label: OVERVIEW.title, hint: "Guide" },
    ...GUIDE_ENTRIES,
    ...API_ENTRIES,
  ];
  return Response.json(entries);
}
