/** The name of the key from the environment variable, as an actor. */
const ENVIRONMENT_KEY = "ADMIN_API_KEY";

/** The name of an actor for people: says that `ADMIN_API_KEY` is the key from the environment. */
export function shownActor(actor: string): string {
  return actor === ENVIRONMENT_KEY ? `${ENVIRONMENT_KEY} (environment)` : actor;
}
