import type { Context } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
const LEVELS_MAX = 15;
/** With the ARN that stands before it. */
const LENGTH_MAX = 1011;

const SEGMENT = '[a-zA-Z0-9_.-]+';
const NAME = new RegExp(`^(?:${SEGMENT}|(?:/${SEGMENT})+)$`);
const ARN = /^arn:aws:ssm:([a-z0-9-]*):(\d{12})?:parameter(\/[^:]+)(:[^:]*)?$/;

/** A name of one level is the same with and without its slash: what AWS keeps a parameter under, and what its ARN ends in. */
export const pathOf = (name: string): string => (name.startsWith('/') ? name : `/${name}`);

/** What AWS keeps for itself: `/aws/service/…`. */
export const isReserved = (path: string): boolean => /^\/aws/i.test(path);

/** Public parameters are nobody's. */
export const arnOfPath = (path: string, account: string, region: string): string => `arn:aws:ssm:${region}:${isReserved(path) ? '' : account}:parameter${path}`;

/** A parameter as a call names it: by name or ARN, with `:<version>` or `:<label>` where one is wanted. */
export interface Named {
  /** As it was asked for; of an ARN there is none. */
  readonly name?: string;
  readonly path: string;
  /** ':3' */
  readonly selector?: string;
  readonly arn: string;
}

/** Undefined where the text names none in form. */
export function parsed(text: string, ctx: Context): Named | undefined {
  const [whole, region, account, at, chosen] = ARN.exec(text) ?? [];
  if (whole !== undefined) return { path: at!, arn: `arn:aws:ssm:${region}:${account ?? ''}:parameter${at}`, ...(chosen === undefined ? {} : { selector: chosen }) };
  const cut = text.indexOf(':');
  const name = cut < 0 ? text : text.slice(0, cut);
  if (!NAME.test(name) || /^\/?ssm/i.test(name)) return undefined;
  const path = pathOf(name);
  return { name, path, arn: arnOfPath(path, ctx.account, ctx.region), ...(cut < 0 ? {} : { selector: text.slice(cut) }) };
}

export function named(text: string, ctx: Context): Named {
  const found = parsed(text, ctx);
  if (!found) throw errors.invalidName();
  return found;
}

/** A name that is to be made or changed: no ARN, no selector, and none of AWS's own. Spaces around it are taken away. */
export function ownName(text: string, ctx: Context): string {
  const name = text.trim();
  if (NAME.test(name) && isReserved(pathOf(name))) throw errors.reservedName(name);
  if (!NAME.test(name) || /^\/?ssm/i.test(name)) throw errors.invalidName();
  if (pathOf(name).split('/').length - 1 > LEVELS_MAX) throw errors.tooManyLevels();
  // assumed: code and text.
  if (arnOfPath(pathOf(name), ctx.account, ctx.region).length > LENGTH_MAX) throw errors.validation(`The fully qualified name of a parameter, with its ARN, can have at most ${LENGTH_MAX} characters.`);
  return name;
}
