import {expect, it} from 'vitest'
import {hasOwnLabel} from '../../../../src/hub-spec/auth/describe-auth.js'

it.each([
  ['login.school.example', 'https://login.school.example/realms/a (client jhub)', false],
  ['login', 'https://login.school.example (client jhub)', true],
  ['login:8443', 'https://login:8443 (client jhub)', false],
  ['ldap.school.example', 'ldaps://ldap.school.example (uid below dc=school)', false],
  ['School', 'ldaps://ldap.school.example (uid below dc=school)', true],
  ['Authenticator', 'school.Authenticator', true],
])('the label %s of %s is its own: %s', (label, address, isOwn) => {
  expect(hasOwnLabel({label}, address)).toBe(isOwn)
})
