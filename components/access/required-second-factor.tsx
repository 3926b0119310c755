"use client";

import { useRef, useState } from "react";
import { SecondFactorSetup } from "~/components/account/second-factor-setup";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { signOutCall } from "./auth-call";

/** Sets up a second factor, which the user cannot skip, then opens `next`. */
export function RequiredSecondFactor({ next }: { next: string }) {
  const [isDone, setDone] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const password = useRef<HTMLInputElement>(null);
  const signOut = async () => {
    setFault(null);
    const result = await signOutCall();
    if ("fault" in result) setFault(result.fault.message);
    else window.location.assign(result.address);
  };
  return (
    <>
      <SecondFactorSetup
        passwordRef={password}
        onConfirmed={() => setDone(true)}
        onDone={() => window.location.assign(next)}
      />
      {isDone ? null : (
        <div className="mt-3 text-center">
          {fault === null ? null : (
            <Callout tone="danger" title="Sign-out failed" className="mb-3 text-left">
              {fault}
            </Callout>
          )}
          <Button variant="ghost" size="sm" onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      )}
    </>
  );
}
