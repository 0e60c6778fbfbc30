import {describe, expect, it} from 'vitest'
import {openTunnel} from '../../../../../../src/engines/vm/machines/ssh/ssh-tunnel.js'
import type {ConversationListener} from '../../../../../../src/host/processes/conversations.js'

const taken =
  'bind [127.0.0.1]:37081: Address already in use\r\nchannel_setup_fwd_listener_tcpip: cannot listen to port: 37081'

/** ssh, which ends with these words one after the other, and then has its tunnel. */
function tunnelAfter(...complaints: readonly string[]) {
  const left = [...complaints]
  const said: (readonly string[])[] = []
  const asked: boolean[] = []
  const converse = (argv: readonly string[], {onLine, onEnd}: ConversationListener) => {
    said.push(argv)
    const words = left.shift()
    setImmediate(() => (words === undefined ? onLine('open') : onEnd(words)))
    return {send: () => undefined, close: () => undefined, holdOpen: () => undefined}
  }
  const choosePort = async (isFirst: boolean) => {
    asked.push(isFirst)
    return 4000 + asked.length
  }
  const options = {
    commands: {converse},
    target: {host: 'lab', user: undefined, port: undefined},
    address: 'ssh://lab',
    to: '127.0.0.1:8000',
    choosePort,
  }
  return {asked, said, opened: openTunnel(options)}
}

describe('a tunnel', () => {
  it('has the first port that ssh says it listens at', async () => {
    const {asked, said, opened} = tunnelAfter(taken, taken)
    expect(await opened).toMatchObject({port: 4003})
    expect(asked).toEqual([true, false, false])
    expect(said.at(-1)).toContain('127.0.0.1:4003:127.0.0.1:8000')
  })

  it.each([
    ['another reason', ['Permission denied (publickey).'], 1],
    ['a port that is always taken', [taken, taken, taken, taken, taken, taken], 5],
  ])('is refused for %s, with the words of ssh', async (_, complaints, tries) => {
    const {asked, opened} = tunnelAfter(...complaints)
    await expect(opened).rejects.toMatchObject({
      code: 'JHUB-E215',
      message: 'No tunnel to ssh://lab',
      cause: {message: complaints[0]},
    })
    expect(asked).toHaveLength(tries)
  })
})
