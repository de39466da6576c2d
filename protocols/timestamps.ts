/** Timestamps: ISO 8601 in UTC with milliseconds on our side of the wire, and what the protocols make of them. */

const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;
// The widest that a Date can hold.
const epochMillisecondsMax = 8.64e15;

/** From ISO 8601 (without a zone it is UTC), from an HTTP date or from epoch seconds as text; undefined for anything else. */
export function toTimestamp(text: string): string | undefined {
  if (iso.test(text)) {
    const zoned = text.length > 10 && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text;
    return fromMilliseconds(Date.parse(zoned));
  }
  if (/^-?\d{1,13}(\.\d{1,9})?$/.test(text)) return fromEpochSeconds(Number(text));
  if (/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return fromMilliseconds(Date.parse(text));
  return undefined;
}

export function fromEpochSeconds(seconds: number): string | undefined {
  return fromMilliseconds(Math.round(seconds * 1000));
}

function fromMilliseconds(milliseconds: number): string | undefined {
  return Math.abs(milliseconds) <= epochMillisecondsMax ? new Date(milliseconds).toISOString() : undefined;
}

/** The number that JSON and CBOR carry: whole seconds, with a fraction only where there are milliseconds. */
export function toEpochSeconds(timestamp: string): number {
  return Date.parse(timestamp) / 1000;
}

/** '2026-11-21T06:28:26.000Z' as it is; anything else that a Date reads in that form. */
export function withMilliseconds(timestamp: string): string {
  return timestamp.length === 24 && timestamp.endsWith('Z') ? timestamp : new Date(timestamp).toISOString();
}

/** '2026-11-21T06:28:26Z', with a fraction only where there are milliseconds. */
export function withoutZeroMilliseconds(timestamp: string): string {
  const full = withMilliseconds(timestamp);
  return full.endsWith('.000Z') ? `${full.slice(0, -5)}Z` : full;
}
