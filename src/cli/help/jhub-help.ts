import {Help, type Interfaces} from '@oclif/core'

/** oclif's help, but a command is no topic because its name ends another's: `up` is not above `group add`. */
export default class JhubHelp extends Help {
  protected override get sortedTopics(): Interfaces.Topic[] {
    const {topics} = this.config
    return super.sortedTopics.filter(({name}) => topics.some((other) => other.name.startsWith(`${name}:`)))
  }
}
