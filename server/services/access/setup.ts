import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx, Deps } from "~/server/services/ctx";
import { rememberDevice } from "./devices";
import { countUsers } from "./documents";
import type { SetupInput } from "./inputs";
import { newUser } from "./new-user";
import { principalOf } from "./resolve-principal";
import { sameSecret } from "./secrets";
import { openSession } from "./sessions";
import type { Browser, SignedIn } from "./sign-in";

/** Longer than making an account takes. */
const MAKING_MS = 30_000;

/** No account yet, in Redis or in ClickHouse. */
async function isUnclaimed(deps: Deps): Promise<boolean> {
  return (await countUsers(deps)) === 0;
}

function requireToken(deps: Deps, token: string): void {
  const { setupToken } = deps.facts;
  if (!setupToken || !sameSecret(token, setupToken)) {
    throw new AppError(
      "forbidden",
      "This setup link is not valid. The console that started the product shows the valid one.",
    );
  }
}

/**
 * Whether the holder of the setup token may make the first account.
 * @throws AppError `forbidden` for a wrong token.
 */
export async function setupStatus(call: { ctx: Ctx; input: { token: string } }): Promise<{ needed: boolean }> {
  requireToken(call.ctx.deps, call.input.token);
  return { needed: await isUnclaimed(call.ctx.deps) };
}

/** Runs `make` if there is no account. Answers null where there is one, or somebody else is making it right now. */
async function asFirst<T>(deps: Deps, make: () => Promise<T>): Promise<T | null> {
  const mark = { kind: "firstAccount" } as const;
  if (!(await deps.marks.set(mark, MAKING_MS))) return null;
  try {
    return (await isUnclaimed(deps)) ? await make() : null;
  } finally {
    await deps.marks.clear(mark);
  }
}

/**
 * Makes the first admin and signs in. The token is dead once there is an account.
 * @throws AppError `forbidden` for a wrong or a dead token.
 */
export async function setup(call: { ctx: Ctx; input: SetupInput; browser: Browser }): Promise<SignedIn> {
  const { ctx, input, browser } = call;
  requireToken(ctx.deps, input.token);
  const { email, password, name = input.email } = input;
  const user = await asFirst(ctx.deps, () => newUser(ctx.deps, { email, password, name, role: "admin" }));
  if (!user) throw new AppError("forbidden", "This setup link has been used.");
  const principal = principalOf(user);
  await writeAudit({ ...ctx, principal }, { action: "user.create", target: `user:${user.id}`, note: "first admin" });
  const opened = await openSession(ctx.deps, { userId: user.id, ...browser });
  return { principal, ...opened, device: await rememberDevice(ctx.deps, { device: browser.device, userId: user.id }) };
}

/** `ADMIN_EMAIL` and `ADMIN_PASSWORD` make the first admin at start. Answers whether they did. */
export async function ensureFirstAdmin(input: { deps: Deps; email: string; password: string }): Promise<boolean> {
  const { deps, email, password } = input;
  if (!(await isUnclaimed(deps))) return false;
  const user = await asFirst(deps, () => newUser(deps, { email, password, name: email, role: "admin" }));
  return user !== null;
}
