"use client";

import type { ReactNode } from "react";
import { SignInSteps } from "./sign-in-steps";

/** Opens `next` after the sign-in, with a full load, so that no earlier state remains. */
export function LoginForm({ next, before }: { next: string; before?: ReactNode }) {
  return <SignInSteps before={before} onSignedIn={() => window.location.assign(next)} />;
}
