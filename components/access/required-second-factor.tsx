"use client";

import { useRef, useState } from "react";
import { SecondFactorSetup } from "~/components/account/second-factor-setup";
import { Button } from "~/components/ui/button";
import { signOutCall } from "./auth-call";

/** Sets up a second factor, which the user cannot skip, then opens `next`. */
export function RequiredSecondFactor({ next }: { next: string }) {
  const [isDone, setDone] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  return (
    <>
      <SecondFactorSetup
        passwordRef={password}
        onConfirmed={() => setDone(true)}
        onDone={() => window.location.assign(next)}
      />
      {isDone ? null : (
        <div className="mt-3 text-center">
          <Button
            variant="ghost"
            size="sm"
            onClick={() => void signOutCall().then((address) => window.location.assign(address))}
          >
            Sign out
          </Button>
        </div>
      )}
    </>
  );
}
