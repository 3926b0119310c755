import { Callout } from "~/components/ui/callout";
import type { Ownership } from "~/server/domain/as-code/ownership";

/** Characters of a commit's hash, as git shortens it. */
const COMMIT_LENGTH = 7;

/** Says that a schedule differs from its document. */
export function DriftBanner({ managedBy }: { managedBy: Ownership }) {
  const { owner, file, commit } = managedBy;
  const origin = commit === null ? owner : `${owner}, commit ${commit.slice(0, COMMIT_LENGTH)}`;
  return (
    <Callout tone="warning" className="mb-5" title="Edited outside of its document">
      <p>
        Managed by {file ?? "the document"}
        {file === null ? ` of ${origin}` : ` (${origin})`}. The next apply overwrites this edit unless the{" "}
        {file === null ? "document" : "file"} contains it.
      </p>
    </Callout>
  );
}
