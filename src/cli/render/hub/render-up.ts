import type {UpResult} from '../../../hub/up.js'
import {renderReady} from './render-addresses.js'
import {renderNext} from '../text/render-next.js'
import {renderPasswords} from '../user/render-passwords.js'
import {renderPlan} from './render-plan.js'

export function renderUp(result: UpResult, {dryRun}: {dryRun: boolean}): string {
  if (dryRun) return renderPlan(result.changes)
  const {hub, spec, addresses, changes, passwords, platformNotes} = result
  if (changes.length === 0) return renderReady(`Nothing to do. ${hub} runs as ${spec} says`, addresses).join('\n')
  const [admin] = result.admins
  const isPasswordOld = Object.keys(passwords).length === 0 && admin !== undefined
  return [
    ...renderReady(`${hub} is ready`, addresses),
    ...renderPasswords(Object.entries(passwords), result.admins),
    ...(isPasswordOld ? [`Passwords are as before. A new one: jhub user password ${admin}`] : []),
    '',
    ...platformNotes.map((note) => `- ${note}`),
    '',
    `File:  ${spec}`,
    ...renderNext(['jhub open', ...forTheRoom(result), ...forNobodyYet(result), 'jhub status', 'jhub down']),
  ].join('\n')
}

function forTheRoom({addresses: {here, others, isOpen}}: UpResult): readonly string[] {
  if (others.length > 0) return ['jhub open --qr   # the address as a code for phones']
  return isOpen || here === null ? [] : ['jhub up --lan   # lets people in the room open it']
}

/** Whoever has people knows how to add some. The names are of nobody who is there. */
function forNobodyYet({others, admins}: UpResult): readonly string[] {
  const names = ['ana', 'ben', 'cleo', 'dan'].filter((name) => !admins.includes(name)).slice(0, 2)
  return others === 0 ? [`jhub user add ${names.join(' ')}`] : []
}
