/** The result of entries without the field: older releases recorded only changes that had succeeded. */
export const SUCCEEDED = "succeeded";
/** The result of a call that changed nothing, because its caller may not make it or its input was refused. */
export const REFUSED = "refused";

export const AUDIT_RESULTS = [SUCCEEDED, REFUSED] as const;
