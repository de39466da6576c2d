import type { Fogbank } from './fogbank.ts';

/** A call of the control API, as a script makes it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each control's own answer
export async function control(fb: Pick<Fogbank, 'endpoint'>, method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(`${fb.endpoint}/_fogbank/${path}`, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  return response.json();
}
