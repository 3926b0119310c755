/** Actors of the demo's audit trail: two users, and the API key of a deployment pipeline. */
export const ANA = "ana@example.org";
export const OMAR = "omar@example.org";
export const DEPLOY = "deploy-pipeline";
