"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { type AuthAnswer, authCall, postJson } from "./auth-call";
import { passkeyFault, usePasskeySupport } from "./use-passkeys";

const Ceremony = z.object({ options: z.string(), ceremony: z.string() });

/** Signs in by a passkey. Shown only if the browser supports passkeys. */
export function PasskeyButton({ onSignedIn }: { onSignedIn: (answer: AuthAnswer) => void }) {
  const isSupported = usePasskeySupport();
  const [isPending, setPending] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (!isSupported) return null;

  async function signIn(): Promise<AuthAnswer | string> {
    const started = await postJson("/api/auth/passkey/options");
    if ("fault" in started) return started.fault.message;
    const { options, ceremony } = Ceremony.parse(started.body);
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
        loading={isPending}
        onClick={() => void press()}
      >
        Sign in with a passkey
      </Button>
      {fault ? <Callout tone="danger">{fault}</Callout> : null}
    </div>
  );
}
