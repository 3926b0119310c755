/** The people of the demo's audit trail. */
export const ANA = "ana@example.org";
export const OMAR = "omar@example.org";
export const DEPLOY = "deploy-pipeline";
