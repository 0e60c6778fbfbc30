import {expect, it} from 'vitest'
import {renderPasswords} from '../../../../src/cli/render/user/render-passwords.js'

it.each([
  [['admin'], 'Save it now. If it is lost: jhub user password admin'],
  [[], 'jhub keeps these passwords for you until they are changed. To print them: jhub cards'],
])('speaks of cards only where somebody has one', (admins, last) => {
  expect(renderPasswords([['admin', 'abcd-efgh-ijkl']], admins).at(-1)).toBe(last)
})
