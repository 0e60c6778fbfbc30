import {describe, expect, it} from 'vitest'
import {addRequirements} from '../../../../../../src/engines/vm/packages/locks/add-requirements.js'
import {hubLock} from '../../../../../../src/engines/vm/packages/locks/hub-lock.js'
import {parseHubSpec} from '../../../../../../src/hub-spec/parse-hub-spec.js'

const hash = `--hash=sha256:${'a'.repeat(64)}`
const first = `# made by uv\nanyio==4.1 \\\n    ${hash}\nJupyter_Hub==6.1.1 \\\n    ${hash} \\\n    ${hash}\n    # via x\n`

describe('packages that a hub has besides its own', () => {
  it('are added, and what the hub has stays', () => {
    const second = `# made by uv\njupyter-hub==5.0 \\\n    ${hash}\nremote-user==1.2 ; python_version >= "3.9" \\\n    ${hash}\n    # via -r x.in\n`
    expect(addRequirements(first, second)).toEqual({
      text: `${first}remote-user==1.2 ; python_version >= "3.9" ${hash}\n`,
    })
  })

  it.each([
    'remote-user',
    'remote-user==1',
    `remote-user>=1 ${hash}`,
    '--index-url https://evil.example',
    '-r other.txt',
    `./local ${hash}`,
  ])('refuses %s', (line) => {
    expect(addRequirements(first, `${line}\n`)).toHaveProperty('problem')
  })

  it.each([
    ['oauthenticator.okpy:OkpyOAuthenticator', 'hub-oauth'],
    ['remote_user:RemoteUser', 'hub'],
    ['toString:Class', 'hub'],
  ])('%s begins with the packages of %s', (name, shipped) => {
    const {auth} = parseHubSpec(
      `version: 1\nname: w\nmode: vm\nauth: {method: class, class: "${name}", requirements: /x}\n`,
    )
    expect(hubLock(auth)).toEqual({shipped, added: '/x'})
  })
})
