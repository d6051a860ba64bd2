/** A value in the props that the CDK does not know, or cannot take there. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
  constructor(
    readonly path: readonly (string | number)[],
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
