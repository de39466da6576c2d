import { pagePosition, pageToken, type Structure } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** A page of a list that is all in memory. */
export function paged<T>(all: readonly T[], input: { MaxResults?: number; NextToken?: string }): { items: T[]; NextToken?: string } {
  const from = pagePosition(input.NextToken, input as Structure, errors.invalidPaginationToken);
  const to = from + (input.MaxResults ?? 100);
  return { items: all.slice(from, to), ...(to < all.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
}
