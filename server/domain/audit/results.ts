/** Also the result of older entries without the field: older releases recorded only successful changes. */
export const SUCCEEDED = "succeeded";
/** The result of a call that was refused, for example because its caller lacks the right or its input is invalid. */
export const REFUSED = "refused";

export const AUDIT_RESULTS = [SUCCEEDED, REFUSED] as const;
