import { describe, expect, it } from 'vitest';
import { loadModel } from '../../protocols/index.ts';
import { select } from '../../src/kit/filters.ts';
import { SERVICES } from '../../src/main.ts';
import type { Verb } from '../../src/kit/index.ts';

/** Every filter that AWS documents for a listing names something of the resource. */
describe.each(SERVICES.filter((s) => Object.keys(s.operations).some((op) => loadModel(s.name).operation(op)?.filters)).map((s) => [s.name, s] as const))('%s', (name, service) => {
  const model = loadModel(name);
  const listings = Object.entries(service.operations).filter(([op, run]) => (run as Partial<Verb> | undefined)?.verb === 'describes' && model.operation(op)?.filters);
  it.each(listings.map(([op, run]) => [op, run as unknown as Verb] as const))('%s: resolves every documented filter', (op, { resource, shape = resource.shape }) => {
    const operation = model.operation(op)!;
    const list = [...operation.output.members.values()].map((m) => m.target).find((t) => t.type === 'list' && t.member.target.name === shape);
    if (list?.type !== 'list' || list.member.target.type !== 'structure') throw new Error(`${op} lists no ${shape}`);
    const item = list.member.target;
    const missing = operation.filters!.filter((filter) => {
      // How the reference writes `tag:<key>`.
      if (filter === 'tag') return false;
      try {
        select(resource, item, operation, [{ Name: filter, Values: ['x'] }]);
        return false;
      } catch {
        return true;
      }
    });
    expect(missing).toEqual([]);
  });
});
