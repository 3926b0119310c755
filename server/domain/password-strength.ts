/*
 * Estimates how many guesses a password withstands, by zxcvbn: patterns, names, English words and about 49,000 common
 * passwords. The dictionaries are large, so they are loaded on first use, in the browser and on the server.
 */

/** Passwords of a lower score are refused. 3 stands for at least 10⁸ guesses. */
export const MIN_STRENGTH = 3;
/** Longer passwords are estimated by their first characters, because the time of an estimate grows with the length. */
const MAX_CHARS = 64;
/** Words that attackers of this product try first. */
const CONTEXT_WORDS = ["stufio", "schedules", "schedule", "scheduler", "cron", "admin"];

export interface PasswordStrength {
  /** 0 to 4. */
  score: number;
  /** What is weak, and what would help; empty for a good password. */
  advice: string[];
}

type Estimate = (password: string, words: readonly string[]) => PasswordStrength;

let loading: Promise<Estimate> | undefined;

/** Loads the estimator. `words`: the user's name and e-mail address. */
export function loadPasswordStrength(): Promise<Estimate> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Estimate> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    maxLength: MAX_CHARS,
  });
  return (password, words) => {
    const { score, feedback } = zxcvbn.check(password.slice(0, MAX_CHARS), [...CONTEXT_WORDS, ...wordsOf(words)]);
    const advice = [feedback.warning, ...feedback.suggestions].flatMap((text) => text || []);
    return { score, advice: score < MIN_STRENGTH ? advice : [] };
  };
}

/** The texts and their parts, such as the name before the @ of an e-mail address. */
function wordsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((word) => word.length > 2);
}
