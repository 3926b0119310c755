import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Deps } from "../ctx";

/**
 * Records the decision about a dead execution. The dead-letter list shows the execution until the next recorder batch.
 */
export async function decide(
  deps: Deps,
  decided: {
    ended: { executionId: string };
    decision: "replayed" | "discarded";
    actor: string;
    replayId?: string;
  },
): Promise<void> {
  const { ended, decision, actor, replayId = null } = decided;
  const document = { id: ended.executionId, at: deps.clock.now(), decision, actor, replayId };
  await deps.hot.append(DOCUMENT_KIND.deadLetterDecision, JSON.stringify(document));
}
