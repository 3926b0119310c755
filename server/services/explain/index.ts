export { explainTime } from "./explain-time";
export { ExplainTimeInput } from "./inputs";
