import { fieldError } from "~/server/domain/errors";
import { combined, compileRule } from "~/server/domain/protection/compile";
import { maskContent } from "~/server/domain/protection/mask";
import { requireRight } from "~/server/services/access/require-right";
import type { Ctx } from "~/server/services/ctx";
import type { TryProtectionInput } from "./inputs";

/** Applies an unsaved rule to a payload. Throws `validation_failed` for an invalid rule or payload. */
export async function tryProtection(call: {
  ctx: Ctx;
  input: TryProtectionInput;
}): Promise<{ payload: string; masked: string[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  const protection = combined([compileRule(input)]);
  try {
    JSON.parse(input.body);
  } catch (error) {
    const message = `is not JSON: ${(error as Error).message}`;
    throw fieldError("validation_failed", { field: "body", message, expected: "JSON text" });
  }
  const { payload, masked } = maskContent(protection, { payload: input.body, headers: {} });
  return { payload, masked };
}
