import type {Config} from '@oclif/core'
import {JhubError} from '../../errors.js'
import {nearest} from '../../hub-spec/document/nearest.js'
import {shellWord} from '../../hub-spec/shell-word.js'

type Known = Pick<Config, 'commands' | 'topics'>

/** What to say of words that are no command, with the one that was most likely meant. */
export function noSuchCommand(words: readonly string[], {commands, topics}: Known): JhubError {
  const known = commands.filter(({hidden}) => !hidden).map(({id}) => id.replaceAll(':', ' '))
  const typed = words.join(' ')
  const [first = '', ...rest] = words
  // A command without words of its own: what follows it is too much.
  const whole = known.find((command) => typed.startsWith(`${command} `))
  if (whole !== undefined)
    return new JhubError('JHUB-E100', `jhub ${whole} takes no "${typed.slice(whole.length + 1)}"`, {
      fix: `jhub ${whole} --help`,
    })
  const inTopic = known.filter((command) => command.startsWith(`${first} `))
  if (inTopic.length > 0 && rest.length > 0) return noSuchInTopic(first, rest, inTopic)
  const meant = nearest(typed, [...known, ...topics.map(({name}) => name.replaceAll(':', ' '))])
  return new JhubError('JHUB-E100', `There is no command "${typed}"`, {
    fix: meant === undefined ? 'jhub --help' : known.includes(meant) ? `jhub ${meant}` : `jhub ${meant} --help`,
  })
}

/** The second word is the wrong one; what follows it was meant for the command. */
function noSuchInTopic(
  topic: string,
  [second = '', ...handed]: readonly string[],
  known: readonly string[],
): JhubError {
  const meant = nearest(`${topic} ${second}`, known)
  return new JhubError('JHUB-E100', `There is no command "${topic} ${second}"`, {
    fix: meant === undefined ? `jhub ${topic} --help` : ['jhub', meant, ...handed.map(shellWord)].join(' '),
  })
}

/** Whether words lead to a command, with what is handed to it, or to a topic. */
export function isCommand(words: readonly string[], {commands, topics}: Known): boolean {
  const ids = new Set(commands.map(({id}) => id))
  return (
    topics.some(({name}) => name === words.join(':')) ||
    words.some((_, end) => ids.has(words.slice(0, end + 1).join(':')))
  )
}
