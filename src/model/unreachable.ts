/** Ends a switch over a closed set: a case that was forgotten does not compile. */
export function unreachable(value: never): never {
  throw new Error(`a case is missing for ${JSON.stringify(value)}`);
}
