import type { ReactNode } from "react";
import { PageTitle } from "./page-title";

/** The header of a page: breadcrumb, the page's only `h1`, badges, actions. */
export function PageHeader({
  title,
  description,
  breadcrumb,
  badges,
  actions,
}: {
  title: ReactNode;
  description?: ReactNode;
  breadcrumb?: ReactNode;
  badges?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-5 flex flex-col gap-2">
      {breadcrumb}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          {/* As high as a button, so that the title is level with the actions. */}
          <div className="flex min-h-8 flex-wrap items-center gap-x-2.5 gap-y-1">
            <PageTitle>{title}</PageTitle>
            {badges}
          </div>
          {description ? <div className="mt-1 text-muted text-sm">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </header>
  );
}
