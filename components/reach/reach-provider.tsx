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

/** The current outage; null if every part responds. */
export function useOutage(): Outage | null {
  return useContext(OutageContext);
}

/** Watches network, server and stores. Refetches the page's data once all of them respond again. */
export function ReachProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [state, dispatch] = useReducer(nextReach, INITIAL_REACH);
  const outage = useMemo(() => outageOf(state), [state]);

  useEffect(() => watchReach(dispatch), []);

  const unreachable = outage?.parts.join() ?? "";
  const before = useRef("");
  const onChange = useEffectEvent(() => {
    // During an outage, only health is refetched, because other queries may need the part that does not respond.
    if (unreachable === "") void queryClient.refetchQueries({ type: "active" });
    else void queryClient.refetchQueries({ queryKey: trpc.monitoring.health.queryKey(), type: "active" });
  });
  useEffect(() => {
    if (unreachable === before.current) return;
    before.current = unreachable;
    onChange();
  }, [unreachable]);

  return <OutageContext value={outage}>{children}</OutageContext>;
}
