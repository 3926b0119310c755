"use client";

import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Instant } from "~/components/ui/time";
import type { FormDraft } from "./form-draft";

/** Offers to restore a draft of an earlier visit. */
export function DraftBar({
  draft,
  onRestore,
  onDiscard,
}: {
  draft: FormDraft;
  onRestore: () => void;
  onDiscard: () => void;
}) {
  return (
    <Callout
      tone="info"
      live
      className="flex-wrap"
      action={
        <div className="flex gap-2">
          <Button size="sm" variant="primary" onClick={onRestore}>
            Restore
          </Button>
          <Button size="sm" onClick={onDiscard}>
            Discard
          </Button>
        </div>
      }
    >
      You have an unsaved draft from <Instant value={draft.atMs} format="short" precision="minute" />. Restoring it
      replaces what the form shows.
    </Callout>
  );
}
