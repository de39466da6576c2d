import type { SsmOperations } from '../../fixtures/models/ssm.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { arnOfPath, isReserved, named } from './names.ts';
import { paged } from './pages.ts';
import { isBelow, PATH, selection } from './parameter-filters.ts';
import { gotten, keyOf, parameters, parameterVersions, valueOf, versionsOf, type StoredVersion } from './parameters.ts';
import { publicParameters } from './public-parameters.ts';

/** How many there are on a page where the call does not say: as many as it may ask for. */
const DESCRIBED = 50;
const BY_PATH = 10;

async function describeParameters(input: SsmOperations['DescribeParameters']['input'], ctx: Context): Promise<SsmOperations['DescribeParameters']['output']> {
  if (input.Filters?.length && input.ParameterFilters?.length) throw errors.validation('You can use either Filters or ParameterFilters in a single request.');
  const wanted = selection(input.ParameterFilters ?? input.Filters, false);
  // Nobody shares parameters here: those that are shared with the account are none.
  const found = input.Shared === true ? [] : (await ctx.list(parameters)).filter(wanted);
  const { items, ...next } = paged(found, input, DESCRIBED);
  return { Parameters: items.map(({ Path, Tags: _tags, ...shown }) => ({ ...shown, ARN: arnOfPath(Path, ctx.account, ctx.region) })), ...next };
}

/** The version that a label filter names, else the newest. */
async function versionsBelow(input: SsmOperations['GetParametersByPath']['input'], ctx: Context): Promise<StoredVersion[]> {
  const wanted = selection(input.ParameterFilters, true);
  const labelled = input.ParameterFilters?.some(({ Key }) => Key === 'Label') === true;
  const found: StoredVersion[] = [];
  for (const { Path, Version } of await ctx.list(parameters)) {
    if (!isBelow(Path, input.Path, input.Recursive === true)) continue;
    const versions = labelled ? await versionsOf(Path, ctx) : [await ctx.get(parameterVersions, keyOf(Path, Version!))];
    found.push(...versions.filter(wanted));
  }
  return found;
}

async function getParametersByPath(input: SsmOperations['GetParametersByPath']['input'], ctx: Context): Promise<SsmOperations['GetParametersByPath']['output']> {
  if (!PATH.test(input.Path)) throw errors.invalidPath();
  if (isReserved(input.Path)) {
    const wanted = selection(input.ParameterFilters, true);
    const below = (await publicParameters(ctx)).filter((one) => isBelow(one.Name!, input.Path, input.Recursive === true) && wanted({ Path: one.Name!, Type: one.Type }));
    const { items, ...next } = paged(below, input, BY_PATH);
    return { Parameters: items, ...next };
  }
  const { items, ...next } = paged(await versionsBelow(input, ctx), input, BY_PATH);
  return { Parameters: items.map((version) => gotten(version, input.WithDecryption === true, ctx)), ...next };
}

async function getParameterHistory(input: SsmOperations['GetParameterHistory']['input'], ctx: Context): Promise<SsmOperations['GetParameterHistory']['output']> {
  const { path, arn, selector } = named(input.Name, ctx);
  // A history has every version: it cannot be asked of one.
  if (selector !== undefined) throw errors.invalidName();
  if (arn !== arnOfPath(path, ctx.account, ctx.region)) throw errors.parameterNotFound();
  await ctx.get(parameters, path);
  const { items, ...next } = paged(await versionsOf(path, ctx), input, DESCRIBED);
  return { Parameters: items.map((version) => ({ ...version, Value: valueOf(version, input.WithDecryption === true, ctx) })), ...next };
}

export const parameterListingOperations = { DescribeParameters: describeParameters, GetParametersByPath: getParametersByPath, GetParameterHistory: getParameterHistory } satisfies Handlers<SsmOperations>;
