import type { Deps } from "../ctx";

/** Writes down what became of a dead execution, through the outbox: it leaves the list with the next recorder batch. */
export async function decide(
  deps: Deps,
  given: {
    ended: { executionId: string };
    decision: "replayed" | "discarded";
    actor: string;
    replayId?: string;
  },
): Promise<void> {
  const { ended, decision, actor, replayId = null } = given;
  const document = { id: ended.executionId, at: deps.clock.now(), decision, actor, replayId };
  await deps.hot.append("d", JSON.stringify(document));
}
