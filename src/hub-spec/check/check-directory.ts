import type {AuthDocument} from '../auth/auth-document.js'
import type {DocumentProblem} from './document-problem.js'
import {groupPlaces} from './group-places.js'

/** How people are found in a directory: below an entry or by the name of theirs. Groups are entries too. */
export function checkDirectory(auth: AuthDocument): readonly DocumentProblem[] {
  const at = (problem: string, ...path: readonly (string | number)[]): DocumentProblem => ({
    path: ['auth', ...path],
    problem,
  })
  const {server, base, userDn} = auth
  return [
    ...(server === undefined ? [] : checkServer(server).map((problem) => at(problem, 'server'))),
    ...(base === undefined && userDn === undefined
      ? [{...at('the method ldap needs "base" or "userDn"'), missing: 'base'}]
      : []),
    ...(base !== undefined && userDn !== undefined
      ? [at('cannot be used with "base"; remove one of them', 'userDn')]
      : []),
    ...(userDn === undefined
      ? []
      : [
          ...(/^[^{}]*=\{username\}[^{}]*$/.test(userDn) ? [] : [at('must have ={username} in it, once', 'userDn')]),
          ...(['bindDn', 'userAttribute'] as const)
            .filter((key) => auth[key] !== undefined)
            .map((key) => at('can only be used with "base"', key)),
        ]),
    ...groupPlaces(auth)
      .filter(({group}) => !group.includes('='))
      .map(({path}) => ({
        path,
        problem: 'must be the whole name of the group, for example cn=staff,ou=groups,dc=uni,dc=example',
      })),
  ]
}

function checkServer(server: string): readonly string[] {
  const {pathname, search, hash, username, password} = new URL(server)
  const isBare = ['', '/'].includes(pathname) && [search, hash, username, password].every((part) => part === '')
  return isBare ? [] : ['must be an address without anything behind it, for example ldaps://ldap.uni.example']
}
