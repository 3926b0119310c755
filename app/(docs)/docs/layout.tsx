import type { ReactNode } from "react";
import { DocsNav, type DocsNavGroup } from "~/components/docs/docs-nav";
import { OpenFrame } from "~/components/docs/open-frame";

import { callerOrUnknown } from "~/server/trpc/server";
import { SignedInFrame } from "../../signed-in-frame";
import { GUIDES } from "./guides";
import { REFERENCE } from "./reference";
import "./docs.css";

const GROUPS: readonly DocsNavGroup[] = [
  {
    label: "Guides",
    links: [
      { href: "/docs", label: "Overview" },
      ...[...GUIDES].map(([name, { title }]) => ({ href: `/docs/${name}`, label: title })),
    ],
  },
  {
    label: "API reference",
    links: [
      { href: "/docs/api", label: "Introduction" },
      ...REFERENCE.map(({ slug, name }) => ({ href: `/docs/api/${slug}`, label: name })),
    ],
  },
];

/**
 * The layout of the documentation, which needs no session: it is the same for every installation and contains no data,
 * and the OpenAPI document is public too. So people who have only an API key, or who read during an outage, see it.
 */
export default async function DocsLayout({ children }: { children: ReactNode }) {
  const caller = await callerOrUnknown();
  const page = (
    <div className="lg:flex lg:gap-10">
      <DocsNav groups={GROUPS} />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
  return caller === null ? <OpenFrame>{page}</OpenFrame> : <SignedInFrame caller={caller}>{page}</SignedInFrame>;
}
