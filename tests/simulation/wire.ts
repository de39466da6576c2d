import type { Json, Member, OperationModel, ServiceModel, Structure, StructureShape, WireRequest } from '../../protocols/index.ts';

/** A request of a Query protocol as a client writes it; its signature is nobody's, which keys of twelve digits need not have. */
export function wireRequest(model: ServiceModel, operation: OperationModel, input: Structure, caller: { account: string; region: string }): WireRequest {
  const pairs = [`Action=${operation.name}`, `Version=${model.apiVersion}`];
  const flat = model.service === 'ec2';
  writeStructure(pairs, '', operation.input, input, flat);
  return {
    method: 'POST', path: '/', query: '', body: Buffer.from(pairs.join('&')),
    headers: {
      host: '127.0.0.1', 'content-type': 'application/x-www-form-urlencoded', 'x-amz-date': '20260101T000000Z', 'user-agent': 'fogbank-simulation',
      authorization: `AWS4-HMAC-SHA256 Credential=${caller.account}/20260101/${caller.region}/${model.signingName}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    },
  };
}

const capitalised = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

function writeStructure(pairs: string[], prefix: string, shape: StructureShape, value: Structure, flat: boolean): void {
  for (const [name, member] of shape.members) {
    const given = value[name];
    if (given === undefined) continue;
    const wire = flat ? (member.ec2QueryName ?? capitalised(member.xmlName ?? member.name)) : (member.queryName ?? member.xmlName ?? member.name);
    write(pairs, prefix + wire, member, given, flat);
  }
}

function write(pairs: string[], path: string, { target, xmlFlattened }: Member, value: Json, flat: boolean): void {
  if (target.type === 'structure' || target.type === 'union') writeStructure(pairs, `${path}.`, target, value as Structure, flat);
  else if (target.type === 'list') {
    const items = value as Json[];
    const item = flat || xmlFlattened ? path : `${path}.${target.member.xmlName ?? 'member'}`;
    if (items.length === 0 && !flat) pairs.push(`${path}=`);
    items.forEach((one, i) => write(pairs, `${item}.${i + 1}`, target.member, one, flat));
  } else if (target.type === 'map') {
    Object.entries(value as Structure).forEach(([key, one], i) => {
      pairs.push(`${path}.entry.${i + 1}.key=${encodeURIComponent(key)}`);
      write(pairs, `${path}.entry.${i + 1}.value`, target.value, one!, flat);
    });
  } else pairs.push(`${path}=${encodeURIComponent(String(value))}`);
}
