import type {DocumentProblem} from './check-hub-document.js'
import type {HttpsDocument} from './https-spec.js'
import type {HubDocument} from './hub-spec.js'

const here = ['access', 'https']

/** Exactly one way to a certificate, whole, and where the engine has one. */
export function checkHttps({mode, access}: HubDocument): readonly DocumentProblem[] {
  const https = access?.https
  if (https === undefined) return []
  if (mode === 'k8s')
    return [{path: here, problem: 'is for mode vm; a chart has its own: k8s.values, {proxy: {https: …}, ingress: …}'}]
  return [...checkForms(https), ...checkPair(https)]
}

const forms = [['internal'], ['cert', 'key'], ['domain', 'email']] as const

function checkForms(https: HttpsDocument): readonly DocumentProblem[] {
  const [first, second] = forms.flatMap((keys) => keys.filter((key) => https[key] !== undefined).slice(0, 1))
  if (first === undefined) return [{path: here, problem: 'must be {internal: true}, or {cert: FILE, key: FILE}'}]
  if (second !== undefined)
    return [{path: [...here, second], problem: `does not go with "${first}": a hub has one certificate`}]
  if (first === 'domain' || first === 'email')
    return [
      {
        path: [...here, first],
        problem:
          'jhub does not fetch certificates yet; fetch one with an ACME client (certbot, lego) and name its files: {cert: FILE, key: FILE}',
      },
    ]
  return []
}

function checkPair({cert, key}: HttpsDocument): readonly DocumentProblem[] {
  if ((cert === undefined) === (key === undefined)) return []
  return cert === undefined
    ? [{path: [...here, 'key'], problem: 'needs "cert" beside it'}]
    : [{path: [...here, 'cert'], problem: 'needs "key" beside it'}]
}
