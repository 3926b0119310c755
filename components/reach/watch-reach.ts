import { askServer } from "./ask-server";
import type { ReachEvent } from "./reach-state";

/** Pause between two checks of the server. */
const PAUSE_MS = 2000;

/** Reports the state of network, server and stores while the tab is visible. Returns a function that stops it. */
export function watchReach(report: (event: ReachEvent) => void): () => void {
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
      report(event);
    }
    timer = setTimeout(() => void ask(), PAUSE_MS);
  }
  const onNetwork = () => {
    report({ kind: "network", at: Date.now(), online: navigator.onLine });
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
