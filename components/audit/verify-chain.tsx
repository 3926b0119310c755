"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { ActionError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { formatCount } from "~/components/ui/format";

type Check = RouterOutputs["audit"]["verify"];

/** Checks the hash chains of the audit trail, page by page. `result` is shown above the list. */
export function useVerifyChain() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [checkedCount, setCheckedCount] = useState(0);
  const verify = useMutation({
    mutationFn: async (): Promise<Check> => {
      setCheckedCount(0);
      for (let cursor: string | undefined; ; ) {
        const options = trpc.audit.verify.queryOptions({ cursor }, { staleTime: 0, gcTime: 0 });
        const page = await queryClient.fetchQuery(options);
        setCheckedCount(page.entries);
        if (page.nextCursor === null) return page;
        cursor = page.nextCursor;
      }
    },
  });
  const progress = checkedCount > 0 ? `Checked ${formatCount(checkedCount)}` : "Checking";
  const button = (
    <Button icon={<ShieldCheck aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate()}>
      {verify.isPending ? progress : "Verify chain"}
    </Button>
  );
  const result = verify.error ? (
    <ActionError error={verify.error} />
  ) : verify.data ? (
    <Verified check={verify.data} onDismiss={verify.reset} />
  ) : null;
  return { button, result };
}

const nounOf = (count: number) => (count === 1 ? "entry" : "entries");

function Verified({ check, onDismiss }: { check: Check; onDismiss: () => void }) {
  const dismiss = (
    <Button size="sm" onClick={onDismiss}>
      Dismiss
    </Button>
  );
  if (check.fault === null) {
    const title = `The chain is intact: ${formatCount(check.entries)} chained ${nounOf(check.entries)}`;
    return (
      <Callout tone="success" live title={title} action={dismiss}>
        <p>No entry after the newest checkpoint of its chain was removed, changed or inserted.</p>
        {check.older > 0 ? (
          <p>
            {formatCount(check.older)} {nounOf(check.older)} {check.older === 1 ? "is" : "are"} not in the chain,
            because it began later. Their number and their common hash are those in the newest checkpoint.
          </p>
        ) : null}
      </Callout>
    );
  }
  return (
    <Callout tone="danger" live title="The chain is broken" action={dismiss}>
      <p>{check.fault.message}</p>
      <p className="text-muted text-xs">
        {formatCount(check.entries)} {nounOf(check.entries)} before the fault {check.entries === 1 ? "is" : "are"}{" "}
        intact.
      </p>
    </Callout>
  );
}
