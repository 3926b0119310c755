import { CopyButton } from "~/components/ui/copy-button";
import { PageTitle } from "~/components/ui/page-title";
import type { Guide, GuidePart } from "./guide";
import { OnThisPage } from "./on-this-page";

/** A rendered guide, with the list of its sections on wide screens. */
export function GuideArticle({ guide }: { guide: Guide }) {
  const sections = guide.headings.filter(({ level }) => level === 2).map(({ id, text }) => ({ id, label: text }));
  return (
    <div className="flex items-start gap-10">
      <article className="guide min-w-0 max-w-3xl flex-1">
        <PageTitle>{guide.title}</PageTitle>
        {guide.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a built page do not change
          <Part key={index} part={part} />
        ))}
      </article>
      <OnThisPage sections={sections} />
    </div>
  );
}

function Part({ part }: { part: GuidePart }) {
  if (!("code" in part)) {
    // biome-ignore lint/security/noDangerouslySetInnerHtml: rendered from docs/guide while the dashboard was built
    return <div className="guide-prose" dangerouslySetInnerHTML={{ __html: part.html }} />;
  }
  const { code, html, label, isOutput } = part;
  return (
    <figure className="guide-code" aria-label={label ?? "Code"}>
      {label ? <figcaption>{label}</figcaption> : null}
      <div className="flex items-start">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard (WCAG 2.1.1) */}
        <pre tabIndex={0}>
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: highlighted while the dashboard was built */}
          <code dangerouslySetInnerHTML={{ __html: html }} />
        </pre>
        {isOutput ? null : (
          <div className="shrink-0 p-1.5">
            <CopyButton value={code} label={label ? `Copy ${label}` : "Copy code"} />
          </div>
        )}
      </div>
    </figure>
  );
}
