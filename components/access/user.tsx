"use client";

import { createContext, type ReactNode, useContext } from "react";

const EmailContext = createContext("");

/** Provides the e-mail address of the signed-in user; empty if the session could not be verified. */
export function UserProvider({ email, children }: { email: string; children: ReactNode }) {
  return <EmailContext value={email}>{children}</EmailContext>;
}

export function useUserEmail(): string {
  return useContext(EmailContext);
}
