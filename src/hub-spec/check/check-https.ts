import type {DocumentProblem} from './document-problem.js'
import type {HttpsDocument} from '../access/https-document.js'
import {defaultPort} from '../access/https-spec.js'
import type {HubDocument} from '../hub-spec.js'

const here = ['access', 'https']

/** Exactly one way to a certificate, whole, and where the engine has one. */
export function checkHttps({mode, access}: HubDocument): readonly DocumentProblem[] {
  const https = access?.https
  if (https === undefined) return []
  if (mode === 'k8s')
    return [{path: here, problem: 'is for mode vm; a chart has its own: k8s.values, {proxy: {https: …}, ingress: …}'}]
  return [
    ...checkForms(https),
    ...checkTogether(https),
    ...checkOpen(https, access?.lan),
    ...checkRedirect(https, access?.port),
  ]
}

const forms = [['internal'], ['cert', 'key'], ['domain', 'email', 'directory', 'ca']] as const

function checkForms(https: HttpsDocument): readonly DocumentProblem[] {
  const [first, second] = forms.flatMap((keys) => keys.filter((key) => https[key] !== undefined).slice(0, 1))
  if (first === undefined)
    return [
      {path: here, problem: 'must be {internal: true}, {cert: FILE, key: FILE} or {domain: NAME, email: ADDRESS}'},
    ]
  return second === undefined
    ? []
    : [{path: [...here, second], problem: `does not go with "${first}": a hub has one certificate`}]
}

/** Each with what it is nothing without. */
const needs = [
  ['key', 'cert'],
  ['cert', 'key'],
  ['email', 'domain'],
  ['directory', 'domain'],
  ['ca', 'directory'],
] as const

function checkTogether(https: HttpsDocument): readonly DocumentProblem[] {
  return needs.flatMap(([key, other]) =>
    https[key] === undefined || https[other] !== undefined
      ? []
      : [{path: [...here, key], problem: `needs "${other}" beside it`}],
  )
}

function checkOpen({domain, redirect}: HttpsDocument, lan: boolean | undefined): readonly DocumentProblem[] {
  if (lan === true) return []
  const problem = (key: string, why: string) => ({path: [...here, key], problem: `needs "lan: true": ${why}`})
  return [
    ...(domain === undefined ? [] : [problem('domain', 'people, and the authority, come from outside')]),
    ...(typeof redirect === 'number' ? [problem('redirect', 'it is open on every address of the machine')] : []),
  ]
}

function checkRedirect({redirect, domain}: HttpsDocument, port: number | undefined): readonly DocumentProblem[] {
  return redirect === (port ?? defaultPort(domain))
    ? [{path: [...here, 'redirect'], problem: 'is the port of the hub itself; take another, or false'}]
    : []
}
