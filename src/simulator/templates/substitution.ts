export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'name'; readonly name: string };

/** The pieces of an `Fn::Sub` string; `${!Literal}` is text. */
export function substitutionPieces(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (;;) {
    // Looked for one after the other: a pattern would go through the rest of the text for each brace that is not closed.
    const open = pattern.indexOf('${', from);
    const close = open < 0 ? -1 : pattern.indexOf('}', open);
    if (close < 0) break;
    if (open > from) pieces.push({ kind: 'text', text: pattern.slice(from, open) });
    const inside = pattern.slice(open + 2, close);
    pieces.push(
      inside.startsWith('!')
        ? { kind: 'text', text: `\${${inside.slice(1).trim()}}` }
        : { kind: 'name', name: inside.trim() },
    );
    from = close + 1;
  }
  if (from < pattern.length) pieces.push({ kind: 'text', text: pattern.slice(from) });
  return pieces;
}
