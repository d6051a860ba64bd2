import { badRequest } from './refusals.js';

/** The words of CreateApplication and UpdateApplication that have a form. */
export type Described = {
  readonly Author?: string;
  readonly Description?: string;
  readonly Labels?: readonly string[];
};

const NAME = /^[a-zA-Z0-9-]{1,140}$/;
/** The service model writes it in small letters only, and authors with capitals are published. */
const AUTHOR = /^[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?$/i;
const LONGEST_AUTHOR = 127;
const LONGEST_DESCRIPTION = 256;
const LABEL = /^[a-zA-Z0-9+\-_:/@]{1,127}$/;
const MOST_LABELS = 10;

export function checkName(name: string): void {
  if (!NAME.test(name)) throw badRequest('Name must be 1 to 140 letters, digits and hyphens');
}

export function checkDetails({ Author, Description, Labels = [] }: Described): void {
  if (Author !== undefined && (Author.length > LONGEST_AUTHOR || !AUTHOR.test(Author)))
    throw badRequest(`Author must be 1 to ${LONGEST_AUTHOR} letters, digits and single hyphens`);
  if (Description !== undefined && (Description.length === 0 || Description.length > LONGEST_DESCRIPTION))
    throw badRequest(`Description must have 1 to ${LONGEST_DESCRIPTION} characters`);
  if (Labels.length > MOST_LABELS) throw badRequest(`There may be at most ${MOST_LABELS} labels`);
  const wrong = Labels.find((label) => !LABEL.test(label));
  if (wrong !== undefined) throw badRequest(`Label '${wrong}' is not valid`);
}
