import { version } from '../version.ts';
import { inPath, type Control } from './control.ts';

/** The control API as an OpenAPI 3.1 document. https://spec.openapis.org/oas/v3.1.1.html */
export function openApi(controls: readonly Control[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const control of controls) {
    const path = control.path.replace(/:(\w+)/g, '{$1}');
    const own = inPath(control);
    const parameters = Object.entries(control.parameters ?? {});
    const schema = ({ type, help, choices }: { type: string; help: string; choices?: readonly string[] }) => ({ type, description: help, ...(choices ? { enum: choices } : {}) });
    const inBody = control.method === 'POST' ? parameters.filter(([name]) => !own.includes(name)) : [];
    (paths[path] ??= {})[control.method.toLowerCase()] = {
      summary: control.summary, operationId: control.name.replaceAll(' ', '-'),
      parameters: parameters.filter(([name]) => !inBody.some(([other]) => other === name)).map(([name, p]) => ({ name, in: own.includes(name) ? 'path' : 'query', required: own.includes(name) || !p.optional, schema: schema(p) })),
      ...(inBody.length > 0 ? { requestBody: { required: inBody.some(([, p]) => !p.optional), content: { 'application/json': { schema: { type: 'object', additionalProperties: false, required: inBody.filter(([, p]) => !p.optional).map(([name]) => name), properties: Object.fromEntries(inBody.map(([name, p]) => [name, schema(p)])) } } } } } : {}),
      responses: { 200: { description: 'done', content: { 'application/json': {} } }, 400: { description: 'what is wrong, as {"error": "…"}' }, 404: { description: 'there is no such thing, as {"error": "…"}' } },
    };
  }
  return { openapi: '3.1.0', info: { title: 'Fogbank control API', version }, paths };
}

/** A page to try it: made from the document in the browser, nothing loaded from elsewhere. */
export const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Fogbank</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}section{border-top:1px solid #8884;padding:.6rem 0}code,pre,input{font:13px ui-monospace,monospace}pre{white-space:pre-wrap;background:#8881;padding:.6rem}label{margin-right:.8rem}</style>
<h1>Fogbank</h1><p>What AWS has no call for. <a href="/_fogbank/openapi.json">OpenAPI document</a></p><main></main>
<script>
const make=(tag,props,...kids)=>{const e=Object.assign(document.createElement(tag),props);e.append(...kids);return e};
fetch('/_fogbank/openapi.json').then(r=>r.json()).then(({paths})=>{for(const [path,methods] of Object.entries(paths))for(const [method,op] of Object.entries(methods)){
const body=op.requestBody?.content['application/json'].schema.properties??{};const fields=[...op.parameters.map(p=>[p.name,p.schema,p.in]),...Object.entries(body).map(([n,s])=>[n,s,'body'])];
const inputs=fields.map(([n,s])=>make('input',{placeholder:s.description,title:s.description,size:34}));const out=make('pre',{hidden:true});
const go=make('button',{textContent:method.toUpperCase(),onclick:async()=>{let url=path;const query=new URLSearchParams(),json={};fields.forEach(([n,s,where],i)=>{const v=inputs[i].value;if(v==='')return;if(where==='path')url=url.replace('{'+n+'}',encodeURIComponent(v));else if(where==='query')query.set(n,v);else json[n]=s.type==='number'?Number(v):s.type==='object'?JSON.parse(v):v});
const r=await fetch(url+(query.size?'?'+query:''),{method:method.toUpperCase(),...(op.requestBody?{headers:{'content-type':'application/json'},body:JSON.stringify(json)}:{})});out.hidden=false;out.textContent=r.status+'\\n'+JSON.stringify(await r.json(),null,2)}});
document.querySelector('main').append(make('section',{},make('div',{},go,' ',make('code',{textContent:path}),' '+op.summary),make('div',{},...fields.map(([n],i)=>make('label',{},n+' ',inputs[i]))),out))}});
</script></html>`;
