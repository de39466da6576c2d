import { createHash } from 'node:crypto';
import { AwsError, type Structure } from '../../protocols/types.ts';

/**
 * Page tokens: the position after which the next page begins, bound to the request that they continue, so that a token
 * of another listing is refused.
 */
export function pageToken(position: number, request: Structure): string {
  return Buffer.from(`${position}.${fingerprint(request)}`).toString('base64url');
}

export function pagePosition(token: string | undefined, request: Structure, invalid: (token: string) => AwsError): number {
  // Where the model has no limits, AWS still pages by one at least.
  if (typeof request.MaxResults === 'number' && request.MaxResults < 1) throw new AwsError('InvalidParameterValue', `Value ( ${request.MaxResults} ) for parameter maxResults is invalid. Expecting a value greater than or equal to 1.`);
  if (token === undefined) return 0;
  const [position, print] = Buffer.from(token, 'base64url').toString('latin1').split('.');
  if (!/^\d{1,15}$/.test(position ?? '') || print !== fingerprint(request)) throw invalid(token);
  return Number(position);
}

export const invalidToken = (token: string): AwsError => new AwsError('InvalidParameterValue', `Value ( ${token} ) for parameter NextToken is invalid. The token is invalid.`);

/** One page of a list that is at hand whole, for listings of what is no stored document of its own. */
export function pageOf<T>(items: readonly T[], request: object, invalid = invalidToken): { readonly items: T[]; readonly next: { NextToken?: string } } {
  const { NextToken, MaxResults } = request as { NextToken?: string; MaxResults?: number };
  const from = pagePosition(NextToken, request as Structure, invalid);
  const to = from + (MaxResults ?? items.length);
  return { items: items.slice(from, to), next: to < items.length ? { NextToken: pageToken(to, request as Structure) } : {} };
}

/** The request without what may change from page to page. */
function fingerprint(request: Structure): string {
  const { NextToken: _n, MaxResults: _m, Marker: _k, MaxItems: _i, DryRun: _d, ...rest } = request;
  return createHash('sha256').update(JSON.stringify(Object.entries(rest).sort())).digest('base64url').slice(0, 16);
}
