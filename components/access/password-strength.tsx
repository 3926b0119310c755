"use client";

import { useDeferredValue, useEffect, useState } from "react";
import { cn } from "~/components/ui/cn";
import { loadPasswordStrength, MIN_STRENGTH, type PasswordStrength } from "~/server/domain/password-strength";

const LABELS = ["Very weak", "Weak", "Too easy to guess", "Good", "Strong"];
const BARS = [0, 1, 2, 3];
/** Shown, with empty bars, for an empty password and until the dictionaries are loaded. */
const NO_ESTIMATE = { score: null, advice: [] };

/** Shows how strong a new password is, and how to improve it. Loads its dictionaries at the first letter. */
export function PasswordMeter({ password, words }: { password: string; words: readonly string[] }) {
  const shown = useDeferredValue(password);
  const text = words.join("\n");
  const [strength, setStrength] = useState<PasswordStrength | null>(null);
  useEffect(() => {
    if (shown === "") return;
    let isCurrent = true;
    loadPasswordStrength().then(
      (estimate) => {
        if (isCurrent) setStrength(estimate(shown, text.split("\n")));
      },
      // If the dictionaries cannot be loaded, the server still checks the password.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [shown, text]);
  const { score, advice } = password === "" || strength === null ? NO_ESTIMATE : strength;
  const isGood = score !== null && score >= MIN_STRENGTH;
  return (
    // Keeps its height, so that the fields and the button below it do not move while somebody clicks.
    <div className="flex min-h-6.5 flex-col gap-1.5 text-xs">
      <div aria-hidden className="flex gap-1">
        {BARS.map((bar) => (
          <span
            key={bar}
            className={cn(
              "h-1 flex-1 rounded-full bg-line-strong",
              score !== null && bar < score && (isGood ? "bg-success" : "bg-warning"),
            )}
          />
        ))}
      </div>
      <p aria-live="polite" className={isGood ? "text-success-ink" : "text-warning-ink"}>
        {score === null ? <span className="text-muted">Password strength</span> : LABELS[score]}
        {advice[0] ? <span className="text-muted">. {advice[0]}</span> : null}
      </p>
    </div>
  );
}
