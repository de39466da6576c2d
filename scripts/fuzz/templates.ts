// Valid requests to mutate: every operation of a service, written by the SDK's own serialisers with seeded random inputs.
import { loadModel, type Member, type OperationModel, type Structure, type WireRequest } from '../../protocols/index.ts';
import { RandomValues } from '../../tests/protocols/support/random-values.ts';
import { sdkClient, sdkCommand, toSdk } from '../../tests/protocols/support/sdk-clients.ts';

export { setModelsDir } from '../../protocols/index.ts';

export interface Template {
  readonly service: string;
  readonly signingName: string;
  readonly operation: string;
  readonly request: WireRequest;
}

/** Written anew for each request. */
const TRANSPORT_HEADERS = /^(authorization|host|content-length|x-amz-date|x-amz-content-sha256|x-amz-security-token|x-amz-user-agent|user-agent|amz-sdk-.*|expect|connection)$/;

class Captured extends Error {}

export async function templatesOf(service: string, seed: number, each: number): Promise<Template[]> {
  const model = loadModel(service);
  let captured: WireRequest | undefined;
  const client = await sdkClient(service, (request) => {
    captured = request;
    throw new Captured();
  });
  const templates: Template[] = [];
  for (const [index, name] of model.operationNames.entries()) {
    const operation = model.operation(name)!;
    for (let n = 0; n < each; n++) {
      captured = undefined;
      const input = inputOf(operation, new RandomValues(seed + index * 100 + n), n === 0);
      try {
        await client.send(await sdkCommand(service, name, toSdk(input, operation.input)));
      } catch (error) {
        // What the SDK itself refuses to write is no template.
        if (!(error instanceof Captured)) continue;
      }
      if (captured) templates.push({ service, signingName: model.signingName, operation: name, request: bare(captured) });
    }
  }
  return templates;
}

/** The first is the smallest that the model allows, so that handlers are reached; the others are random. */
function inputOf({ input }: OperationModel, random: RandomValues, smallest: boolean): Structure {
  if (!smallest) return random.structure(input);
  const needed = [...input.members.values()].filter((member: Member) => member.required || member.idempotencyToken);
  return Object.fromEntries(needed.map((member) => [member.name, random.value(member, 1)]));
}

const bare = (request: WireRequest): WireRequest => ({
  ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !TRANSPORT_HEADERS.test(name))),
});
