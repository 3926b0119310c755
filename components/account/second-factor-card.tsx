"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { QueryTile } from "~/components/queries/query-tile";
import { useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import type { SecondFactorAct } from "./second-factor-dialog";

// Loaded on first use, to keep it out of the page's bundle.
const SecondFactorDialog = dynamic(() => import("./second-factor-dialog").then((module) => module.SecondFactorDialog));

/** If fewer recovery codes than this are left, the card shows a warning. */
const FEW_CODES = 3;

/** The user's second factor: an authenticator app and recovery codes. */
export function SecondFactorCard() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const factor = useQuery(trpc.access.secondFactor.queryOptions());
  const [act, setAct] = useState<SecondFactorAct | null>(null);
  const changed = () => {
    void factor.refetch();
    void queryClient.invalidateQueries(trpc.access.sessions.queryFilter());
  };
  return (
    <>
      <QueryTile
        title="Second factor"
        description="A code from an authenticator app, in addition to the password"
        query={factor}
        skeletonLines={2}
      >
        {({ enabled, hasPassword, recoveryCodesLeft }) => (
          <div className="flex flex-col items-start gap-3 text-sm">
            {enabled ? (
              <>
                <p className="flex flex-wrap items-center gap-2">
                  <Badge tone="success" icon={<ShieldCheck aria-hidden />}>
                    On
                  </Badge>
                  {recoveryCodesLeft === 1
                    ? "1 recovery code is left."
                    : `${recoveryCodesLeft} recovery codes are left.`}
                </p>
                {recoveryCodesLeft < FEW_CODES ? (
                  <Callout tone="warning" className="w-full">
                    Create new recovery codes. Without one, you cannot sign in by password if you lose your app.
                  </Callout>
                ) : null}
                <div className="flex flex-wrap gap-2">
                  <Button onClick={() => setAct("renew")}>New recovery codes</Button>
                  <Button variant="danger-ghost" onClick={() => setAct("turn-off")}>
                    Turn off
                  </Button>
                </div>
              </>
            ) : hasPassword ? (
              <>
                <p className="flex flex-wrap items-center gap-2">
                  <Badge tone="outline">Off</Badge>
                  Anyone who learns your password can sign in.
                </p>
                <Button variant="primary" onClick={() => setAct("set-up")}>
                  Set up
                </Button>
              </>
            ) : (
              <p className="text-muted">You sign in without a password, so you need no code.</p>
            )}
          </div>
        )}
      </QueryTile>
      {act ? <SecondFactorDialog key={act} act={act} onChanged={changed} onClose={() => setAct(null)} /> : null}
    </>
  );
}
