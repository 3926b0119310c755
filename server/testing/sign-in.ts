import { type SignedIn, signIn as signInByPassword } from "~/server/services/access";

/** Signs in a user without a second factor. */
export async function signIn(call: Parameters<typeof signInByPassword>[0]): Promise<SignedIn> {
  const result = await signInByPassword(call);
  if ("challenge" in result) throw new Error("The user has a second factor.");
  return result;
}
