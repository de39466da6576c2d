import type { Parameter, ParameterHistory, ParameterMetadata, Tag } from '@aws-sdk/client-ssm';
import type { SsmOperations } from '../../fixtures/models/ssm.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers, type NamedParameter } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { arnOfPath, isReserved, named, ownName, parsed, pathOf, type Named } from './names.ts';
import { publicParameter } from './public-parameters.ts';

/** As DescribeParameters shows it, of its newest version; keyed by its path, which a name of one level has too. */
export type StoredParameter = Wire<ParameterMetadata> & { readonly Path: string; Tags?: Wire<Tag>[] };

/** As GetParameterHistory shows it; the value of a SecureString is sealed. Keyed by path and number: `/a/b:3`. */
export type StoredVersion = Wire<ParameterHistory> & { readonly Key: string; readonly Path: string; Labels: string[] };

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html */
export const parameters = resource<StoredParameter>({
  service: 'ssm',
  kind: 'parameter',
  shape: 'ParameterMetadata',
  id: { member: 'Path' },
  notFound: errors.parameterNotFound,
  arn: ({ Path }, account, region) => arnOfPath(Path, account, region),
});

export const parameterVersions = resource<StoredVersion>({
  service: 'ssm',
  kind: 'parameter-version',
  shape: 'ParameterHistory',
  id: { member: 'Key' },
  notFound: errors.parameterNotFound,
  tags: null,
  references: { Path: { kind: 'ssm:parameter', onDelete: 'cascade' } },
});

export const keyOf = (path: string, version: number): string => `${path}:${version}`;

/** The oldest first. */
export const versionsOf = (path: string, ctx: Context): Promise<StoredVersion[]> => ctx.list(parameterVersions, { member: 'Path', value: path });

/** One that the account made, by its name without anything else. */
export const ownParameter = (text: string, ctx: Context): Promise<StoredParameter> => ctx.get(parameters, pathOf(ownName(text, ctx)));

/** An encrypted value is shown as it lies in the store, and in clear to whom asks for that. */
export const valueOf = ({ Type, Value }: StoredVersion, decrypted: boolean, ctx: Context): string => (Type === 'SecureString' && decrypted ? ctx.unseal(Value!) : Value!);

/** A version as the calls that get parameters show it. */
export const gotten = (version: StoredVersion, decrypted: boolean, ctx: Context): Wire<Parameter> => ({
  Name: version.Name, Type: version.Type, Value: valueOf(version, decrypted, ctx), Version: version.Version, LastModifiedDate: version.LastModifiedDate, ARN: arnOfPath(version.Path, ctx.account, ctx.region), DataType: version.DataType,
});

async function selected({ path, name, selector }: Named, ctx: Context): Promise<StoredVersion> {
  const { Version } = await ctx.get(parameters, path);
  const wanted = selector?.slice(1) ?? String(Version);
  if (/^\d+$/.test(wanted)) {
    const found = await ctx.find(parameterVersions, keyOf(path, Number(wanted)));
    if (!found) throw errors.versionNotFound(wanted, name ?? path);
    return found;
  }
  const labelled = (await versionsOf(path, ctx)).find(({ Labels }) => Labels.includes(wanted));
  if (!labelled) throw errors.labelNotFound(wanted, name ?? path);
  return labelled;
}

async function selectedPublic({ path, selector }: Named, ctx: Context): Promise<Wire<Parameter>> {
  const found = await publicParameter(path, ctx);
  if (!found) throw errors.parameterNotFound();
  if (selector !== undefined && selector !== `:${found.Version}`) throw errors.versionNotFound(selector.slice(1), path);
  return found;
}

/** By its name as it was asked for; what another account or region has is not shared with this one. */
async function lookUp(which: Named, decrypted: boolean, ctx: Context): Promise<Wire<Parameter>> {
  if (which.arn !== arnOfPath(which.path, ctx.account, ctx.region)) throw errors.parameterNotFound();
  const found = isReserved(which.path) ? await selectedPublic(which, ctx) : gotten(await selected(which, ctx), decrypted, ctx);
  return { ...found, ...(which.name === undefined ? {} : { Name: which.name }), ...(which.selector === undefined ? {} : { Selector: which.selector }) };
}

/** Names that cannot be found are told, once each, and fail nothing. */
async function getParameters(input: SsmOperations['GetParameters']['input'], ctx: Context): Promise<SsmOperations['GetParameters']['output']> {
  const wanted = [...new Set(input.Names)].map((text) => [text, named(text, ctx)] as const);
  const found: Wire<Parameter>[] = [];
  const invalid: string[] = [];
  for (const [text, which] of wanted) {
    const outcome = await ctx.attempt(() => lookUp(which, input.WithDecryption === true, ctx));
    if ('done' in outcome) found.push(outcome.done);
    else invalid.push(text);
  }
  return { Parameters: found, InvalidParameters: invalid };
}

/** What other services are told of a parameter: nothing in clear that is encrypted. */
export async function namedParameter(text: string, ctx: Context): Promise<NamedParameter> {
  const which = parsed(text, ctx);
  // assumed: what is no name in form is, to whom may read parameters, one that there is not.
  if (!which) return { arn: arnOfPath(pathOf(text), ctx.account, ctx.region), tags: [] };
  const tags = (await ctx.find(parameters, which.path))?.Tags ?? [];
  const outcome = await ctx.attempt(() => lookUp(which, false, ctx));
  return { arn: which.arn, tags, ...('done' in outcome ? { found: { dataType: outcome.done.DataType!, value: outcome.done.Value! } } : {}) };
}

export const parameterOperations = {
  GetParameter: async (input, ctx) => ({ Parameter: await lookUp(named(input.Name, ctx), input.WithDecryption === true, ctx) }),
  GetParameters: getParameters,
  DeleteParameter: async (input, ctx) => {
    await ctx.remove(parameters, await ownParameter(input.Name, ctx));
    return {};
  },
  DeleteParameters: async (input, ctx) => {
    const DeletedParameters: string[] = [];
    const InvalidParameters: string[] = [];
    const paths = new Map(input.Names.map((name) => [name, pathOf(ownName(name, ctx))]));
    for (const [name, path] of paths) {
      const found = await ctx.find(parameters, path);
      if (found) await ctx.remove(parameters, found);
      (found ? DeletedParameters : InvalidParameters).push(name);
    }
    return { DeletedParameters, InvalidParameters };
  },
} satisfies Handlers<SsmOperations>;
