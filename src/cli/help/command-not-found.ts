import type {Hook} from '@oclif/core'
import {JhubError} from '../../errors.js'
import {nearest} from '../../hub-spec/nearest.js'
import {printable} from '../render/printable.js'
import {renderError} from '../render/render-error.js'

/** Suggests the command that was meant. */
const commandNotFound: Hook.CommandNotFound = async function ({id, config}) {
  const typed = id.replaceAll(':', ' ')
  const known = config.commands.filter(({hidden}) => !hidden).map((command) => command.id.replaceAll(':', ' '))
  const suggestion = nearest(typed, known)
  const error = new JhubError('JHUB-E100', `There is no command "${typed}"`, {
    fix: suggestion === undefined ? 'jhub --help' : `jhub ${suggestion}`,
  })
  process.stderr.write(`${printable(renderError(error))}\n`)
  this.exit(error.exitCode)
}

export default commandNotFound
