/** What the rooms of templates share is a noun of the model; here is its old door. */
export { FOR_EACH, isMapping, resourcesOf, section } from '../model/template-resources.js';
export type { Mapping, TemplateResource } from '../model/template-resources.js';
