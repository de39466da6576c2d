import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import type { Wire } from '../../protocols/wire-types.ts';
import * as errors from './errors.ts';
import { isReserved, pathOf } from './names.ts';

/** What filters ask of: a parameter's own members, of a listing by path its version's too. */
export interface Filtered {
  readonly Path: string;
  readonly Type?: string | undefined;
  readonly KeyId?: string | undefined;
  readonly Tier?: string | undefined;
  readonly DataType?: string | undefined;
  readonly Labels?: readonly string[];
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];
}

type Filter = Wire<ParameterStringFilter>;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
const DESCRIBED_KEYS = ['Path', 'Name', 'Type', 'KeyId', 'Tier', 'DataType'];
const BY_PATH_KEYS = ['Type', 'KeyId', 'Label'];
const VALUES: Readonly<Record<string, readonly string[]>> = { Type: ['String', 'StringList', 'SecureString'], Tier: ['Standard', 'Advanced', 'Intelligent-Tiering'] };

const optionsOf = (key: string): readonly string[] => (key === 'Path' ? ['Recursive', 'OneLevel'] : key === 'Name' ? ['BeginsWith', 'Equals', 'Contains'] : key === 'Label' ? ['Equals'] : ['BeginsWith', 'Equals']);

/** A hierarchy to look below: `/a/b`, or `/` alone. */
export const PATH = /^\/$|^(?:\/[a-zA-Z0-9_.-]+)+\/?$/;

// assumed: the texts, of which no record was found.
function check(filters: readonly Filter[], byPath: boolean): void {
  const seen = new Set<string>();
  const valid = byPath ? BY_PATH_KEYS : DESCRIBED_KEYS;
  for (const { Key: key = '', Option: option, Values: values = [] } of filters) {
    if (!valid.includes(key) && (byPath || !key.startsWith('tag:'))) throw errors.invalidFilterKey(`The following filter key is not valid: ${key}. Valid filter keys include: [${valid.join(', ')}].`);
    if (seen.has(key)) throw errors.invalidFilterKey(`The following filter is duplicated in the request: ${key}. A request can contain only one occurrence of a specific filter.`);
    seen.add(key);
    if (values.length === 0 && !key.startsWith('tag:')) throw errors.invalidFilterValue(`The following filter values are missing : null for filter key ${key}.`);
    if (option !== undefined && !optionsOf(key).includes(option)) throw errors.invalidFilterOption(option, optionsOf(key));
    for (const value of values) {
      if (VALUES[key] && !VALUES[key].includes(value)) throw errors.invalidFilterValue(`The following filter value is not valid: ${value}. Valid values include: [${VALUES[key].join(', ')}].`);
      if (key !== 'Path') continue;
      if (isReserved(value) || /^\/ssm/i.test(value)) throw errors.validation('Filters for common parameters can\'t be prefixed with "aws" or "ssm" (case-insensitive). When using global parameters, please specify within a global namespace.');
      if (!PATH.test(value)) throw errors.invalidPath();
    }
  }
}

/** Whether a parameter lies below a hierarchy, at its first level or at any. */
export function isBelow(path: string, hierarchy: string, recursive: boolean): boolean {
  const beginning = hierarchy.endsWith('/') ? hierarchy : `${hierarchy}/`;
  return path.startsWith(beginning) && (recursive || !path.slice(beginning.length).includes('/'));
}

function matches(parameter: Filtered, { Key: key = '', Option: option = 'Equals', Values: values = [] }: Filter): boolean {
  if (key === 'Path') return values.some((value) => isBelow(parameter.Path, value, option === 'Recursive'));
  if (key === 'Name') return values.some((value) => (option === 'Contains' ? parameter.Path.includes(value) : option === 'BeginsWith' ? parameter.Path.startsWith(pathOf(value)) : parameter.Path === pathOf(value)));
  const own = key === 'Label' ? (parameter.Labels ?? []) : key.startsWith('tag:') ? (parameter.Tags ?? []).filter((tag) => tag.Key === key.slice('tag:'.length)).map((tag) => tag.Value ?? '')
    : [parameter[key as 'Type' | 'KeyId' | 'Tier' | 'DataType']].filter((value) => value !== undefined);
  // Of a tag without values every value will do.
  if (values.length === 0) return own.length > 0;
  return own.some((value) => values.some((wanted) => (option === 'BeginsWith' ? value.startsWith(wanted) : value === wanted)));
}

/** Filters join by AND, the values of one by OR. */
export function selection(filters: readonly Filter[] | undefined, byPath: boolean): (parameter: Filtered) => boolean {
  check(filters ?? [], byPath);
  return (parameter) => (filters ?? []).every((filter) => matches(parameter, filter));
}
