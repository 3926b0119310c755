export { decideQuarantined } from "./decide";
export { DecideQuarantinedInput, GetQuarantinedInput, ListQuarantineInput } from "./inputs";
export { getQuarantined, listQuarantine } from "./list";
