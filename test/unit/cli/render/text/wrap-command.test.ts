import {describe, expect, it} from 'vitest'
import {wrapCommand} from '../../../../../src/cli/render/text/wrap-command.js'

describe('a command in a narrow terminal', () => {
  it.each([
    ['$ jhub up', 60, '$ jhub up'],
    [
      '$ jhub user import grades.csv --login-column "Email address"',
      56,
      '$ jhub user import grades.csv \\\n  --login-column "Email address"',
    ],
    [
      '$ jhub auth set oidc --issuer https://login.uni.example --client-id hub',
      56,
      '$ jhub auth set oidc \\\n  --issuer https://login.uni.example --client-id hub',
    ],
    [
      '$ jhub image login ghcr.io --user ana --password-file - < token.txt',
      50,
      '$ jhub image login ghcr.io --user ana \\\n  --password-file - < token.txt',
    ],
    [
      '$ helm get values jhub --namespace jhub | jhub import z2jh - --cluster kind',
      54,
      '$ helm get values jhub --namespace jhub \\\n  | jhub import z2jh - --cluster kind',
    ],
    ["$ jhub a 'b c' --dry-run --to x", 14, "$ jhub a \\\n  'b c' \\\n  --dry-run \\\n  --to x"],
    ["rm 'it'\\''s a.html' b.html", 14, "rm \\\n  'it'\\''s a.html' \\\n  b.html"],
    ['$ a-word-that-is-longer-than-the-line', 10, '$ \\\n  a-word-that-is-longer-than-the-line'],
  ])('%s in %i columns', (command, width, lines) => {
    expect(wrapCommand(command, width)).toBe(lines)
  })
})
