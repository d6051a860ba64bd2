// What the props of the installed constructs may hold, taken from their jsii assemblies, so that a misspelt prop is a mistake and not ignored.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const modules = new URL('node_modules/', import.meta.url);
const SCOPE = '@aws-solutions-constructs/';

/** @returns {object | null} null where constructs are not installed */
export function propIndex() {
  if (!existsSync(new URL('aws-cdk-lib/.jsii.gz', modules)) || !existsSync(new URL(SCOPE, modules))) return null;
  const cdk = assembly('aws-cdk-lib');
  const patterns = readdirSync(new URL(SCOPE, modules)).map((name) => assembly(`${SCOPE}${name}`));
  const known = Object.assign({}, cdk.types, ...patterns.map(({ types }) => types));
  const types = {};
  const constructs = {};
  for (const { name, version, types: own } of patterns) {
    const fqn = propsOf(own);
    if (fqn === undefined) continue;
    constructs[name] = { version, props: fqn };
    collect(fqn, known, types);
  }
  return { cdk: cdk.version, constructs, types };
}

function assembly(name) {
  const plain = new URL(`${name}/.jsii`, modules);
  const packed = new URL(`${name}/.jsii.gz`, modules);
  return JSON.parse(existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(plain));
}

/** The third parameter of a package's only construct. */
function propsOf(types) {
  const classes = Object.values(types).filter(({ kind, base }) => kind === 'class' && base === 'constructs.Construct');
  return classes.length === 1 ? classes[0].initializer?.parameters?.[2]?.type?.fqn : undefined;
}

/** The type and all that can stand in it; an object of a class has no entry. */
function collect(fqn, known, types) {
  const type = known[fqn];
  if (type === undefined || Object.hasOwn(types, fqn)) return;
  if (type.kind === 'enum') types[fqn] = { members: type.members.map(({ name }) => name) };
  if (type.kind !== 'interface' || type.datatype !== true) return;
  const props = {};
  types[fqn] = { props };
  for (const { name, type: of } of allProps(type, known)) props[name] = typeOf(of, known, types);
}

function allProps({ properties = [], interfaces = [] }, known) {
  return [...interfaces.flatMap((fqn) => (known[fqn] === undefined ? [] : allProps(known[fqn], known))), ...properties];
}

function typeOf({ primitive, fqn, collection, union }, known, types) {
  if (primitive !== undefined) return primitive;
  if (fqn !== undefined) {
    collect(fqn, known, types);
    return { of: fqn };
  }
  if (union !== undefined) return { any: union.types.map((each) => typeOf(each, known, types)) };
  if (collection !== undefined)
    return { [collection.kind === 'array' ? 'list' : 'map']: typeOf(collection.elementtype, known, types) };
  return 'any';
}
