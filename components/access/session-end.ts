/** Asks the user to sign in again. Resolves to true after the sign-in, or to false if the page is left. */
type Ask = () => Promise<boolean>;

let dialog: Ask | null = null;
let pending: Promise<boolean> | null = null;

/** Registers the page's sign-in dialog. Returns the function that removes it. */
export function attachSignInDialog(ask: Ask): () => void {
  dialog = ask;
  return () => {
    if (dialog === ask) dialog = null;
  };
}

/**
 * Waits for the sign-in dialog after the session has ended. All calls share the dialog. A page without the dialog opens
 * the sign-in page.
 */
export function signInAgain(): Promise<boolean> {
  if (dialog === null) {
    goToSignIn("expired");
    return Promise.resolve(false);
  }
  pending ??= dialog().finally(() => {
    pending = null;
  });
  return pending;
}

/** Opens the page on which a user sets up the second factor that the installation requires. */
export function goToSecondFactor(): void {
  const { pathname, search } = window.location;
  window.location.assign(`/second-factor?next=${encodeURIComponent(pathname + search)}`);
}

/** Opens the sign-in page, which returns to the current page. For `expired`, it says that the session has ended. */
export function goToSignIn(why: "expired" | "another-account"): void {
  const { pathname, search } = window.location;
  if (pathname === "/login") return;
  const next = `next=${encodeURIComponent(pathname + search)}`;
  window.location.assign(why === "expired" ? `/login?${next}&why=expired` : `/login?${next}`);
}
