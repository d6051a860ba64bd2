import { createContext, Script } from 'node:vm';
import { AwsError } from '../kernel/contract.js';
import { InvalidPattern, UnconvertedPattern, wholePattern } from '../kernel/java-pattern.js';
import { invalid } from './refusal.js';

/** Milliseconds that a pattern may take; AWS publishes no number. */
const LONGEST = 500;
const MOST_REMEMBERED = 1_000;

/** A stack set asks the same of every account and Region. */
const answers = new Map<string, boolean>();

const context = createContext(Object.create(null) as object) as Record<string, unknown>;
const MATCH = new Script(
  '(() => { const pattern = new RegExp(source, "u"); return values.every((value) => pattern.test(value)); })()',
);

/** Refuses an AllowedPattern that is none; one that Java alone understands answers NotImplemented. */
export function checkPattern(parameter: string, pattern: string): void {
  converted(parameter, pattern);
}

/** True where all values match as a whole. Refuses a pattern that takes too long: nothing else could interrupt it. */
export function allMatch(parameter: string, pattern: string, values: readonly string[]): boolean {
  const question = JSON.stringify([pattern, values]);
  const known = answers.get(question);
  if (known !== undefined) return known;
  Object.assign(context, { source: converted(parameter, pattern).source, values });
  // Once more where time ran out: it is the machine's, which may have been busy with others.
  const answer = judged() ?? judged();
  if (answer === 'too-large') throw notSimulated(parameter, 'a pattern that is so large');
  if (answer === null)
    throw invalid(`Parameter '${parameter}' could not be matched against pattern ${pattern} in time`);
  if (answers.size >= MOST_REMEMBERED) answers.clear();
  answers.set(question, answer);
  return answer;
}

/** Null where it took too long. */
function judged(): boolean | 'too-large' | null {
  try {
    return MATCH.runInContext(context, { timeout: LONGEST }) as boolean;
  } catch (error) {
    // Whatever else V8 refuses now, it refuses for its size.
    return (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? null : 'too-large';
  }
}

function converted(parameter: string, pattern: string): RegExp {
  try {
    return wholePattern(pattern);
  } catch (error) {
    if (error instanceof UnconvertedPattern) throw notSimulated(parameter, error.message);
    if (!(error instanceof InvalidPattern)) throw error;
    throw invalid(`Template format error: AllowedPattern of parameter ${parameter} is no regular expression`);
  }
}

function notSimulated(parameter: string, what: string): AwsError {
  return new AwsError('NotImplemented', `AllowedPattern of parameter ${parameter}: ${what} is not simulated.`, 501);
}
