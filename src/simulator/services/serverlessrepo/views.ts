import { parseTemplateText } from '../../templates/document.js';
import type { JsonObject, Json } from '../../templates/json.js';
import { isObject } from '../../templates/json.js';
import { readParameters } from '../../templates/sections.js';
import { applicationCapabilities } from '../../templates/serverless-capabilities.js';
import type { Application, ApplicationVersion } from './application.js';
import { expanded, NOWHERE } from './publishing.js';

function mentions(value: Json, name: string): boolean {
  if (typeof value === 'string') return value.includes(`\${${name}}`);
  if (Array.isArray(value)) return (value as readonly Json[]).some((item) => mentions(item, name));
  return isObject(value) && (value['Ref'] === name || Object.values(value).some((item) => mentions(item, name)));
}

/** Resources are those that the publisher wrote, not what they expand to. */
function parameterDefinitions(template: JsonObject) {
  const resources = isObject(template['Resources']) ? Object.entries(template['Resources']) : [];
  return [...readParameters(template['Parameters']).values()].map((parameter) => ({
    Name: parameter.name,
    Type: parameter.type,
    DefaultValue: parameter.default,
    Description: parameter.description,
    NoEcho: parameter.noEcho,
    AllowedPattern: parameter.allowedPattern,
    AllowedValues: parameter.allowedValues ?? [],
    ConstraintDescription: parameter.constraintDescription,
    MinLength: parameter.minLength,
    MaxLength: parameter.maxLength,
    MinValue: parameter.minValue,
    MaxValue: parameter.maxValue,
    ReferencedByResources: resources
      .filter(([, resource]) => mentions(resource, parameter.name))
      .map(([logicalId]) => logicalId),
  }));
}

/** What must be acknowledged before the version is deployed: judged on what its own template expands to, not on what that nests. */
export const requiredCapabilities = (version: ApplicationVersion, region: string): readonly string[] =>
  applicationCapabilities(expanded(version.template, { ...NOWHERE, region }));

export function versionView(application: Application, version: ApplicationVersion, templateUrl: string) {
  return {
    ...versionSummary(application, version),
    ParameterDefinitions: parameterDefinitions(parseTemplateText(version.template)),
    RequiredCapabilities: requiredCapabilities(version, application.region),
    ResourcesSupported: true,
    SourceCodeArchiveUrl: version.sourceCodeArchiveUrl,
    TemplateUrl: templateUrl,
  };
}

export const versionSummary = (application: Application, version: ApplicationVersion) => ({
  ApplicationId: application.id,
  CreationTime: version.createdAt.toISOString(),
  SemanticVersion: version.semanticVersion,
  SourceCodeUrl: version.sourceCodeUrl,
});

export const applicationSummary = ({ details, ...application }: Application) => ({
  ApplicationId: application.id,
  Author: details.author,
  CreationTime: application.createdAt.toISOString(),
  Description: details.description,
  HomePageUrl: details.homePageUrl,
  Labels: details.labels,
  Name: application.name,
  SpdxLicenseId: application.spdxLicenseId,
});

export const applicationView = (application: Application) => ({
  ...applicationSummary(application),
  IsVerifiedAuthor: application.verified,
  LicenseUrl: application.licenseUrl,
  ReadmeUrl: application.details.readmeUrl,
});
