import { pagePosition, pageToken, type Structure } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** A page of what is at hand whole; `usual` is how many there are where the call does not say. */
export function paged<T>(all: readonly T[], input: object, usual: number): { items: T[]; NextToken?: string } {
  const { MaxResults = usual, NextToken } = input as { MaxResults?: number; NextToken?: string };
  const from = pagePosition(NextToken, input as Structure, errors.invalidNextToken);
  const to = from + MaxResults;
  return { items: all.slice(from, to), ...(to < all.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
}
