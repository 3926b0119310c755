"use client";

import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useReducer,
  useRef,
} from "react";
import { useTRPC } from "~/components/trpc/client";
import { INITIAL_REACH, nextReach, type Outage, outageOf } from "./reach-state";
import { watchReach } from "./watch-reach";

const OutageContext = createContext<Outage | null>(null);

/** What does not respond at the moment; null if everything does. */
export function useOutage(): Outage | null {
  return useContext(OutageContext);
}

/** Watches network, server and stores, and loads the page's data anew when they are back. */
export function ReachProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [state, dispatch] = useReducer(nextReach, INITIAL_REACH);
  const outage = useMemo(() => outageOf(state), [state]);

  useEffect(() => watchReach(dispatch), []);

  const away = outage?.parts.join() ?? "";
  const before = useRef("");
  const onChange = useEffectEvent(() => {
    // During an outage only health has something to say; the other queries would fail.
    if (away === "") void queryClient.refetchQueries({ type: "active" });
    else void queryClient.refetchQueries({ queryKey: trpc.monitoring.health.queryKey(), type: "active" });
  });
  useEffect(() => {
    if (away === before.current) return;
    before.current = away;
    onChange();
  }, [away]);

  return <OutageContext value={outage}>{children}</OutageContext>;
}
