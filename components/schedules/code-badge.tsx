import { FileCode } from "lucide-react";
import { Badge } from "~/components/ui/badge";
import { Callout } from "~/components/ui/callout";
import { TextLink } from "~/components/ui/text-link";
import { type Ownership, originInWords } from "~/server/domain/as-code/ownership";

/** Marks a schedule that belongs to a document (schedules as code). Renders nothing for other schedules. */
export function CodeBadge({ managedBy }: { managedBy: Ownership | null }) {
  if (managedBy === null) return null;
  const { owner, isEdited } = managedBy;
  const origin = originInWords(managedBy);
  const title = [`Belongs to the document of ${owner}`, origin, isEdited ? "edited here since its last apply" : ""];
  return (
    <span className="inline-flex shrink-0" title={title.filter((part) => part !== "").join(", ")}>
      <Badge tone={isEdited ? "warning" : "outline"} icon={<FileCode aria-hidden />}>
        {isEdited ? "Code, edited" : "Code"}
      </Badge>
    </span>
  );
}

/** Says that a schedule differs from its document. Renders nothing for other schedules. */
export function DriftBanner({ managedBy }: { managedBy: Ownership | null }) {
  if (!managedBy?.isEdited) return null;
  const origin = originInWords(managedBy);
  return (
    <Callout tone="warning" className="mb-5" title="Edited outside of its document">
      <p>
        This schedule belongs to the document of {managedBy.owner}
        {origin === "" ? "" : ` (${origin})`} and was edited here. The next apply of the document takes the edit back,
        unless the document has it too.
      </p>
    </Callout>
  );
}

/** The document of a schedule and its origin, for a list of facts. */
export function CodeOrigin({ managedBy }: { managedBy: Ownership }) {
  const { owner, repository, file, commit } = managedBy;
  return (
    <span className="flex flex-col">
      <TextLink href={`/schedules?owner=${encodeURIComponent(owner)}`} className="break-words">
        {owner}
      </TextLink>
      {[repository, file, commit].map((part) =>
        part === null ? null : (
          <code key={part} className="wrap-anywhere font-mono text-muted text-xs">
            {part}
          </code>
        ),
      )}
    </span>
  );
}
