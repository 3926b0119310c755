import { askServer } from "./ask-server";
import type { ReachEvent } from "./reach-state";

/** Between an answer and the next question, ms. */
const EVERY_MS = 2000;

/** Tells what network, server and stores do while the tab is visible. Returns how to stop it. */
export function watchReach(tell: (event: ReachEvent) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isStopped = false;

  async function ask() {
    clearTimeout(timer);
    if (isAsking || isStopped || document.visibilityState === "hidden") return;
    if (navigator.onLine) {
      isAsking = true;
      const event = await askServer();
      isAsking = false;
      if (isStopped) return;
      tell(event);
    }
    timer = setTimeout(() => void ask(), EVERY_MS);
  }
  const onNetwork = () => {
    tell({ kind: "network", at: Date.now(), online: navigator.onLine });
    void ask();
  };
  const onVisibility = () => void ask();

  if (!navigator.onLine) onNetwork();
  else void ask();
  window.addEventListener("online", onNetwork);
  window.addEventListener("offline", onNetwork);
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    window.removeEventListener("online", onNetwork);
    window.removeEventListener("offline", onNetwork);
    document.removeEventListener("visibilitychange", onVisibility);
  };
}
