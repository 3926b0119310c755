/** Links to the sections of a page, on screens that are wide enough to leave the text its full width. */
export function OnThisPage({ sections }: { sections: readonly { id: string; label: string }[] }) {
  if (sections.length < 2) return null;
  return (
    <nav
      aria-label="On this page"
      className="sticky top-20 max-h-[calc(100dvh-6rem-var(--strip-height))] w-48 shrink-0 overflow-y-auto max-2xl:hidden"
    >
      <p className="mb-1.5 font-medium text-xs">On this page</p>
      <ul className="flex flex-col border-l text-sm">
        {sections.map(({ id, label }) => (
          <li key={id}>
            <a href={`#${id}`} className="-ml-px block border-transparent border-l py-1 pl-3 text-muted hover:text-ink">
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
