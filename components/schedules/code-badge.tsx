import { FileCode } from "lucide-react";
import { Fragment } from "react";
import { Badge } from "~/components/ui/badge";
import { TextLink } from "~/components/ui/text-link";
import { type Ownership, originInWords } from "~/server/domain/as-code/ownership";

/** Marks a schedule that belongs to a document (schedules as code). Renders nothing for other schedules. */
export function CodeBadge({ managedBy }: { managedBy: Ownership | null }) {
  if (managedBy === null) return null;
  const { owner, isEdited } = managedBy;
  const origin = originInWords(managedBy);
  const title = [`Belongs to the document of ${owner}`, origin, isEdited ? "edited outside of it" : ""];
  return (
    <span className="inline-flex shrink-0" title={title.filter((part) => part !== "").join(", ")}>
      <Badge tone={isEdited ? "warning" : "outline"} icon={<FileCode aria-hidden />}>
        {isEdited ? "Code, edited" : "Code"}
      </Badge>
    </span>
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
      <OriginPart label="Repository" value={repository} />
      <OriginPart label="File" value={file} />
      <OriginPart label="Commit" value={commit} />
    </span>
  );
}

/** A long path or address breaks after a slash. */
function OriginPart({ label, value }: { label: string; value: string | null }) {
  if (value === null) return null;
  return (
    <span className="text-muted text-xs">
      {label}{" "}
      <code className="wrap-break-word font-mono">
        {value.split(/(?<=\/)/).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts keep their order
          <Fragment key={index}>
            {part}
            <wbr />
          </Fragment>
        ))}
      </code>
    </span>
  );
}
