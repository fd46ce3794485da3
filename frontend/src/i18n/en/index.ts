/** English, complete: the shape that every other language fills. */
import { first } from './first'
import { rooms } from './rooms'

export const en = { ...first, ...rooms }
