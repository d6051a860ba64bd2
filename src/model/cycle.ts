/**
 * The members of one cycle in the order in which each needs the next, the first not repeated; null where there is none.
 * Every node and edge is looked at once, and the same graph gives the same answer.
 */
export function findCycle<Node>(
  nodes: Iterable<Node>,
  needsOf: (node: Node) => Iterable<Node>,
): readonly Node[] | null {
  const done = new Set<Node>();
  for (const start of nodes) {
    if (done.has(start)) continue;
    // A path of its own instead of the call stack: a chain may be as long as there are deployments.
    const path = [{ node: start, rest: [...needsOf(start)] }];
    const onPath = new Set<Node>([start]);
    while (path.length > 0) {
      const { node, rest } = path.at(-1)!;
      const next = rest.pop();
      if (next === undefined) {
        path.pop();
        onPath.delete(node);
        done.add(node);
      } else if (onPath.has(next)) {
        const members = path.map((step) => step.node);
        return members.slice(members.indexOf(next));
      } else if (!done.has(next)) {
        path.push({ node: next, rest: [...needsOf(next)] });
        onPath.add(next);
      }
    }
  }
  return null;
}
