export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'name'; readonly name: string };

/** The pieces of an `Fn::Sub` string; `${!Literal}` is text. */
export function substitutionPieces(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of pattern.matchAll(/\$\{(!?)\s*([^}]*?)\s*\}/g)) {
    if (match.index > from) pieces.push({ kind: 'text', text: pattern.slice(from, match.index) });
    pieces.push(match[1] === '!' ? { kind: 'text', text: `\${${match[2]}}` } : { kind: 'name', name: match[2] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < pattern.length) pieces.push({ kind: 'text', text: pattern.slice(from) });
  return pieces;
}
