// What a person wants to read of Terraform's output.

const bare = (line) => line.replace(/^[│╷╵ ]+/, '').trim();

/** Every "Error:" with what follows it, shortened. */
export function errorsIn(output) {
  const lines = output.split('\n').map(bare);
  return lines.flatMap((line, at) => {
    if (!line.startsWith('Error: ')) return [];
    const following = lines.slice(at + 1, at + 30);
    const end = following.findIndex((l) => /^(Error|Warning): /.test(l));
    const rest = following.slice(0, end < 0 ? undefined : end).filter((l) => l && !/^(with |on .* line|\d+:|├|\S+ (is|will be) )/.test(l));
    const text = [line.slice('Error: '.length), ...(rest.length > 0 ? [rest.join(' ')] : [])].join(' | ');
    return [text.replace(/exceeded maximum number of attempts, \d+, /, '').replace(/RequestID: [\w-]*, /, '').slice(0, 400)];
  });
}

/** What a plan that should be empty wants to change. */
export function driftIn(output) {
  const drift = [];
  for (const line of output.split('\n')) {
    const resource = /^\s*# (\S+) (?:will be|must be|has) (.*)/.exec(line);
    if (resource) drift.push(`${resource[1]}: ${resource[2].replace(/:$/, '')}`);
    else if (drift.length > 0 && drift.length < 40 && /^\s+[~+-] .*(->| = )/.test(line)) drift.push(`  ${line.trim().slice(0, 200)}`);
  }
  return drift;
}

export const lastLines = (output, count = 3) => output.trim().split('\n').slice(-count).map(bare).join(' ').slice(0, 300);

const COLUMNS = { apply: ['apply'], plan: ['plan'], step2: ['apply2', 'plan2'], import: ['import', 'plan3'], destroy: ['destroy'], leftovers: ['leftovers'] };

/** Stacks per family that passed each step. */
export function table(results) {
  const families = [...new Set(results.map((r) => r.family))].sort();
  const cell = (stacks, labels) => {
    const tried = stacks.filter((s) => labels.some((l) => s.steps[l]));
    return tried.length === 0 ? '-' : `${tried.filter((s) => labels.every((l) => s.steps[l]?.ok ?? true)).length}/${tried.length}`;
  };
  const row = (name, stacks) => [name, stacks.length, ...Object.values(COLUMNS).map((labels) => cell(stacks, labels)), stacks.filter((s) => s.ok).length];
  const rows = [['family', 'stacks', ...Object.keys(COLUMNS), 'all ok'], ...families.map((f) => row(f, results.filter((r) => r.family === f))), row('all', results)];
  return rows.map((cells) => cells.map((c, i) => (i === 0 ? String(c).padEnd(8) : String(c).padStart(10))).join('')).join('\n');
}
