"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { type AuthAnswer, authCall, postJson } from "./auth-call";
import { passkeyFault, usePasskeySupport } from "./use-passkeys";

const Ceremony = z.object({ options: z.string(), ceremony: z.string() });

/** Signs in by a passkey. Shown only where the browser supports passkeys. */
export function PasskeyButton({ onSignedIn }: { onSignedIn: (answer: AuthAnswer) => void }) {
  const isSupported = usePasskeySupport();
  const [pending, setPending] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (!isSupported) return null;

  async function signIn(): Promise<AuthAnswer | string> {
    const begun = await postJson("/api/auth/passkey/options");
    if ("fault" in begun) return begun.fault.message;
    const { options, ceremony } = Ceremony.parse(begun.body);
    let response: string;
    try {
      const { choosePasskey } = await import("./passkey-browser");
      response = await choosePasskey(options);
    } catch (error) {
      return passkeyFault(error);
    }
    const result = await authCall("/api/auth/passkey", { ceremony, response });
    return "fault" in result ? result.fault.message : result.answer;
  }
  const press = async () => {
    setPending(true);
    setFault(null);
    const result = await signIn();
    if (typeof result !== "string") return onSignedIn(result);
    setFault(result);
    setPending(false);
  };
  return (
    <div className="mt-3 flex flex-col gap-3">
      <Button
        size="lg"
        className="w-full"
        icon={<KeyRound aria-hidden />}
        loading={pending}
        onClick={() => void press()}
      >
        Sign in with a passkey
      </Button>
      {fault ? <Callout tone="danger">{fault}</Callout> : null}
    </div>
  );
}
