import type { Shape } from './shape.js';

/** Where required members are missing, as AWS writes such places: `tags.1.member.key`. */
export function missingMembers(shape: Shape, value: unknown, path = ''): readonly string[] {
  if (shape.type === 'structure') {
    const values = value as Readonly<Record<string, unknown>>;
    return shape.members.flatMap((member) => {
      const place = path + member.name.charAt(0).toLowerCase() + member.name.slice(1);
      const item = values[member.name];
      if (item === undefined) return member.required ? [place] : [];
      return missingMembers(member.shape, item, `${place}.`);
    });
  }
  if (shape.type !== 'list' || shape.member.type !== 'structure') return [];
  const { member } = shape;
  return (value as readonly unknown[]).flatMap((item, index) =>
    missingMembers(member, item, `${path}${index + 1}.member.`),
  );
}

/** AWS's sentence for them. */
export function missingMessage(places: readonly string[]): string {
  const errors = places.length === 1 ? '1 validation error' : `${places.length} validation errors`;
  const each = places.map((place) => `Value null at '${place}' failed to satisfy constraint: Member must not be null`);
  return `${errors} detected: ${each.join('; ')}`;
}
