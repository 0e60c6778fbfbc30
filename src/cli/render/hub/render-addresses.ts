import type {HubAddresses} from '../../../jupyterhub/hub-addresses.js'

/** More cards than a person can try one after the other are not shown. */
const most = 3

/** `jhub is ready: http://…`, and who opens the hub at which address where that is not the same for all. */
export function renderReady(said: string, addresses: HubAddresses): readonly string[] {
  const {here, others} = addresses
  const [first] = others
  if (here === null && first === undefined)
    return [`${said}. It listens on its own machine only. To open it here:`, '', '    jhub open']
  if (first === undefined) return [`${said}: ${String(here)}`, whyAlone(addresses)]
  if (here === null || here === first) return [`${said}: ${first}`]
  const [own, label] = ['On this computer:', `For ${audience(first)}:`]
  const width = Math.max(own.length, label.length)
  return [
    `${said}.`,
    `${own.padEnd(width)}  ${here}`,
    ...others.slice(0, most).map((url, index) => `${(index === 0 ? label : '').padEnd(width)}  ${url}`),
  ]
}

/** Each address with who opens it there, for a list of facts. */
export function renderAddressList(addresses: HubAddresses): readonly string[] {
  const {here, others} = addresses
  if (here === null && others.length === 0) return ['on its own machine only; to open it here: jhub open']
  if (here === null || here === others[0]) return others
  const isAlone = others.length === 0
  return [
    `${here} (${isAlone ? 'only this computer' : 'this computer'})`,
    ...others.slice(0, most).map((url) => `${url} (${audience(url)})`),
  ]
}

/** Where people log in, as the end of a sentence. */
export function renderLoginPlace({here, others}: HubAddresses): string {
  const [first] = others
  if (first !== undefined) return `They log in at ${first}`
  return here === null ? 'To open the hub here: jhub open' : `They log in at ${here}, on this computer only.`
}

/** Why nobody else opens what this computer can, of a hub without an address for others. */
export function whyAlone({isOpen}: HubAddresses): string {
  return isOpen
    ? 'Other computers could open it too, but this one is not on a network now.'
    : 'Only this computer can open it.'
}

/** Whom an address is for: addresses of private networks cannot be reached from outside. */
function audience(url: string): 'people in the room' | 'everybody' {
  const {hostname} = new URL(url)
  const isPrivate = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[f[cd])/.test(hostname)
  return isPrivate ? 'people in the room' : 'everybody'
}
