import {Flags} from '@oclif/core'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderDoctor} from '../src/cli/render/render-doctor.js'
import {exitCodes} from '../src/errors.js'
import {doctor, type DoctorResult} from '../src/hub/doctor/doctor.js'

export default class Doctor extends HubCommand {
  static override summary = 'Check everything the hub needs, and say how to fix what is wrong.'
  static override examples = [
    '<%= config.bin %> doctor',
    {description: 'Is there room for a class?', command: '<%= config.bin %> doctor --people 30'},
  ]
  static override flags = {
    people: Flags.integer({
      summary: 'Also check whether memory, disk and limits have room for this many people at once.',
      min: 1,
      max: 100_000,
      helpValue: 'N',
    }),
  }

  async run(): Promise<DoctorResult> {
    const {flags} = await this.parse(Doctor)
    const result = await doctor(this.context(flags), {people: flags.people})
    await this.show(renderDoctor(result))
    if (!result.healthy) process.exitCode = exitCodes.precondition
    return result
  }
}
